using System.Collections.Immutable;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Models;

/// <summary>What a language model is asked to write.</summary>
/// <param name="Prime">Text the model reads first; null or empty: a line break, or if it never saw one, its first character.</param>
/// <param name="Length">Characters to write.</param>
/// <param name="Temperature">What logits are divided by; 0: always the likeliest character.</param>
/// <param name="TopK">Only the k likeliest characters are drawn from; 0: all.</param>
/// <param name="Seed">Key of the draws (B9).</param>
public sealed record GenerationRequest(string? Prime = null, int Length = 400, double Temperature = 1, int TopK = 0, uint Seed = 1)
{
    /// <summary>Characters (UTF-16 units).</summary>
    public const int LongestPrime = 16_384;

    public const int MaxLength = 100_000;

    public const double MaxTemperature = 100;

    public const int MaxTopK = 65_536;

    /// <summary>Everything that is wrong whatever the model is; that its vocabulary has the prime's characters is found when it writes.</summary>
    public ImmutableArray<FieldViolation> Check()
    {
        var violations = new ViolationList();
        if (Prime is { Length: > LongestPrime })
        {
            violations.Add("prime", $"{Prime.Length} characters", $"at most {LongestPrime} characters");
        }

        violations.Range("length", Length, 0, MaxLength, "characters");
        violations.Number("temperature", Temperature, Temperature >= 0 && Temperature <= MaxTemperature, $"0 to {MaxTemperature}");
        violations.Range("top_k", TopK, 0, MaxTopK);
        return violations.ToImmutable();
    }
}
