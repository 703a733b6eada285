using System.Collections.Immutable;

namespace ActorTrainer.Training.Recipes;

/// <summary>A recipe cannot be run; every fault is in <see cref="Violations"/>.</summary>
public sealed class InvalidRecipeException(ImmutableArray<FieldViolation> violations)
    : Exception(string.Join(Environment.NewLine, violations))
{
    public ImmutableArray<FieldViolation> Violations { get; } = violations;

    internal static void ThrowIfAny(ImmutableArray<FieldViolation> violations)
    {
        if (!violations.IsEmpty)
        {
            throw new InvalidRecipeException(violations);
        }
    }
}
