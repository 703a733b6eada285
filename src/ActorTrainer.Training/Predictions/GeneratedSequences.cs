using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Predictions;

/// <summary>What sequences are called that a model predicts from after it was trained on generated ones, which have no names.</summary>
internal static class GeneratedSequences
{
    private const int LongestSequence = 1 << 16;

    /// <summary>Where a file has the sequences, and the schema of the data with names.</summary>
    public static (SequencesOptions Options, DataSchema Schema) Of(DataRecipe data, DataSchema schema) => data switch
    {
        DataRecipe.AddingProblem => Numbers(schema, "value", "marker"),
        DataRecipe.BinaryAddition => Numbers(schema, "a", "b"),
        DataRecipe.SineMixture => Numbers(schema, "value"),
        DataRecipe.CopyMemory copy => (
            Options("symbol"),
            schema with { Symbols = [.. Enumerable.Range(0, copy.Symbols).Select(symbol => $"{symbol}"), "blank", "recall"] }),
        _ => throw new ArgumentException("the data is not generated.", nameof(data)),
    };

    private static (SequencesOptions Options, DataSchema Schema) Numbers(DataSchema schema, params ImmutableArray<string> inputs) =>
        (Options(inputs), schema with { Features = [.. inputs.Select(ColumnScale.Identity)] });

    private static SequencesOptions Options(params ImmutableArray<string> inputs) =>
        new(SequencesFormat.Csv, "sequence", inputs, Label: "") { Standardize = false, MaximumLength = LongestSequence };
}
