using System.Collections.Immutable;

namespace ActorTrainer.Data.Predictions;

/// <summary>What every row of an answer has.</summary>
/// <param name="Labels">What a row is called, or says in a word; names are different from each other and from those of numbers.</param>
/// <param name="Numbers">Columns that are predicted, or classes.</param>
/// <param name="AreProbabilities">Whether the numbers are the probabilities of classes.</param>
public sealed record PredictionColumns(ImmutableArray<PredictionLabel> Labels, ImmutableArray<string> Numbers, bool AreProbabilities)
{
    /// <summary>The name of the field that holds the probabilities by class, in JSON.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>The columns of a table: labels, then numbers; a probability is called <c>p(class)</c>.</summary>
    public ImmutableArray<string> Header =>
        [.. Labels.Select(label => label.Name), .. AreProbabilities ? Numbers.Select(name => $"p({name})") : Numbers];
}

/// <summary>A column of words.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsCount">Whether its words are all whole numbers, which JSON writes as such.</param>
public readonly record struct PredictionLabel(string Name, bool IsCount = false);

/// <summary>One row of an answer.</summary>
/// <param name="Labels">As many as there are columns of words.</param>
/// <param name="Numbers">As many as there are columns of numbers, in the units of the data; one that no double can hold is not finite.</param>
public sealed record PredictionRow(ImmutableArray<string> Labels, ImmutableArray<double> Numbers);
