using System.Collections.Immutable;

namespace ActorTrainer.Data.Sequences;

/// <summary>Where a file has its sequences and their labels.</summary>
/// <param name="Format">How the file is written.</param>
/// <param name="Group">CSV: the column that holds the same text in all rows of one sequence. JSON lines: empty.</param>
/// <param name="Inputs">
/// CSV: columns of numbers, in the order in which they are features. JSON lines: one field (numbers, equally
/// long lists of numbers, names of events, or a text), or several fields with equally many numbers each.
/// </param>
/// <param name="Label">The column or the field of the label.</param>
/// <param name="LabelKind">What a label is.</param>
public sealed record SequencesOptions(
    SequencesFormat Format, string Group, ImmutableArray<string> Inputs, string Label, LabelKind LabelKind = LabelKind.Class)
{
    /// <summary>Most time steps that maximum_length may allow.</summary>
    public const int LengthLimit = 1 << 20;

    /// <summary>Most characters of the name of a class or an event.</summary>
    public const int NameLimit = 1_024;

    /// <summary>How a table is written (CSV), and what stands in for a missing number (both formats).</summary>
    public TableFormat Table { get; init; } = TableFormat.Default;

    /// <summary>Whether numbers, of inputs and of labels, enter standardised by the training part.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Most time steps of a sequence, from 1 to <see cref="LengthLimit"/>; a longer one is refused.</summary>
    public int MaximumLength { get; init; } = 4_096;
}
