using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Data.Sequences;

/// <summary>The sequences of one or two files as they were read, before anything is fitted to them.</summary>
internal sealed class SequenceStore
{
    /// <summary>What a sequence takes of <see cref="DataLimits.MaximumValues"/> beside its numbers: its place and its name.</summary>
    private const int ValuesPerSequence = 16;

    private readonly ChunkedList<Place> _places = new();
    private readonly SequencesOptions _options;
    private readonly DataLimits _limits;
    private long _held;
    private long _steps;
    private bool _collapsed;

    /// <param name="options">Where the sequences are.</param>
    /// <param name="limits">Bounds of what is held.</param>
    /// <param name="schema">The data that a model knows, for files that are to be predicted; null: everything may be new.</param>
    public SequenceStore(SequencesOptions options, DataLimits limits, DataSchema? schema = null)
    {
        (_options, _limits, IsOfModel) = (options, limits, schema is not null);
        Events = new KindIndex(schema is null ? DataLimits.Kinds : schema.Symbols.Length);
        Characters = new CharacterIndex(schema is null ? Vocabulary.Limit : schema.Vocabulary?.Count ?? 0);
        foreach (var name in schema?.Symbols ?? [])
        {
            Events.NumberOf(name);
        }

        foreach (var rune in (schema?.Vocabulary?.Characters ?? "").EnumerateRunes())
        {
            Characters.NumberOf(rune.Value);
        }
    }

    /// <summary>Whether events and characters are those of a model, and no others.</summary>
    public bool IsOfModel { get; }

    /// <summary>Names of the events of all files.</summary>
    public KindIndex Events { get; }

    /// <summary>Names of the sequences that have one.</summary>
    public KindIndex Groups { get; } = new(int.MaxValue);

    /// <summary>Characters of all files.</summary>
    public CharacterIndex Characters { get; }

    /// <summary>Names of the classes of all files.</summary>
    public KindIndex Classes { get; } = new(DataLimits.Kinds);

    public SequenceInput Input { get; private set; }

    /// <summary>Numbers of a step; 1 for symbols.</summary>
    public int Width { get; private set; }

    public bool LabelAtEveryStep { get; private set; }

    /// <summary>Numbers of a label; 1 for classes.</summary>
    public int LabelWidth { get; private set; }

    /// <summary>[steps × width] of all sequences; NaN: missing.</summary>
    public ChunkedList<double> Values { get; } = new();

    /// <summary>[steps] numbers of events or characters.</summary>
    public ChunkedList<int> Symbols { get; } = new();

    /// <summary>[labels] numbers of classes; −1: masked.</summary>
    public ChunkedList<int> ClassLabels { get; } = new();

    /// <summary>[labels × label width]; NaN: masked.</summary>
    public ChunkedList<double> NumberLabels { get; } = new();

    public int Count => (int)_places.Count;

    public int LengthOf(int sequence) => _places[sequence].Length;

    /// <summary>Time steps of all sequences before this one.</summary>
    public long StartOf(int sequence) => _places[sequence].Start;

    /// <summary>The line of the file on which the sequence begins.</summary>
    public long LineOf(int sequence) => _places[sequence].Line;

    /// <summary>What the file calls the sequence.</summary>
    public string NameOf(int sequence) => _places[sequence].Group is var group and >= 0
        ? Groups[group]
        : LineOf(sequence).ToString(CultureInfo.InvariantCulture);

    /// <summary>The place of a label among all labels.</summary>
    public long LabelAt(int sequence, int step) => LabelAtEveryStep || _collapsed ? StartOf(sequence) + step : sequence;

    /// <summary>The time steps of a sequence among all.</summary>
    public SequenceScales.Run StepsOf(int sequence) => new(StartOf(sequence), LengthOf(sequence), LineOf(sequence));

    /// <summary>The labels of a sequence among all.</summary>
    public SequenceScales.Run LabelsOf(int sequence) =>
        new(LabelAt(sequence, 0), LabelAtEveryStep ? LengthOf(sequence) : 1, LineOf(sequence));

    /// <summary>Names of the features.</summary>
    public ImmutableArray<string> FeatureNames => Names(_options.Inputs, Width);

    /// <summary>Names of the numbers of a label.</summary>
    public ImmutableArray<string> TargetNames => Names([_options.Label], LabelWidth);

    /// <summary>Takes a sequence in, or notes what is wrong with it.</summary>
    /// <param name="draft">The sequence.</param>
    /// <param name="line">The line on which it begins.</param>
    /// <param name="labelled">Whether it has labels.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <exception cref="InvalidDataSetException">A bound was hit, or the fault was the last one that is noted.</exception>
    public void Append(SequenceDraft draft, long line, bool labelled, FaultList faults)
    {
        Reserve(draft, line);
        if (Fault(draft, labelled) is { } fault)
        {
            faults.Add(line, fault.Column, fault.What);
            return;
        }

        if (faults.Count > 0)
        {
            return;
        }

        _places.Add(new Place(_steps, (int)draft.Length, line, draft.Group));
        _steps += draft.Length;
        Copy(draft.Values, Values);
        Copy(draft.Symbols, Symbols);
        Copy(draft.Classes, ClassLabels);
        Copy(draft.Numbers, NumberLabels);
    }

    /// <summary>
    /// Where a table writes a label into every row and those of each sequence are all equal, none masked,
    /// a sequence has that one label: nothing is learned at its other steps.
    /// </summary>
    public void SettleLabels()
    {
        if (_options.Format == SequencesFormat.Csv && !Enumerable.Range(0, Count).Any(LabelVaries))
        {
            (LabelAtEveryStep, _collapsed) = (false, true);
        }
    }

    private bool LabelVaries(int sequence)
    {
        var labels = LabelsOf(sequence);
        for (var label = labels.First; label < labels.First + labels.Count; label++)
        {
            if (_options.LabelKind == LabelKind.Class
                ? ClassLabels[label] != ClassLabels[labels.First]
                : !NumberLabels[label].Equals(NumberLabels[labels.First]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Refuses a single sequence that holds more than all may.</summary>
    /// <exception cref="InvalidDataSetException">It has more values than the bound.</exception>
    public void RequireRoom(long values)
    {
        if (values > _limits.MaximumValues)
        {
            throw new InvalidDataSetException($"A sequence has more than {_limits.MaximumValues} values, the most that are held in memory.");
        }
    }

    private (string? Column, string What)? Fault(SequenceDraft draft, bool labelled)
    {
        if (draft.Length == 0)
        {
            return (null, "the sequence has no time step; it needs at least one.");
        }

        if (draft.Length > _options.MaximumLength)
        {
            return (null, $"the sequence has {draft.Length} time steps; maximum_length is {_options.MaximumLength}.");
        }

        if (labelled && draft.LabelAtEveryStep && draft.Labels != draft.Length)
        {
            return (_options.Label, $"there are {draft.Labels} labels for {draft.Length} time steps; there must be as many.");
        }

        if (Count == 0)
        {
            (Input, Width, LabelAtEveryStep, LabelWidth) = (draft.Input, draft.Width, draft.LabelAtEveryStep, draft.LabelWidth);
        }

        if (draft.Input != Input || draft.Width != Width)
        {
            return (_options.Inputs[0], $"a time step is {Step(draft.Input, draft.Width)}; in the sequences before it is {Step(Input, Width)}.");
        }

        return labelled && (draft.LabelAtEveryStep != LabelAtEveryStep || draft.LabelWidth != LabelWidth)
            ? (_options.Label, $"there is {Label(draft.LabelAtEveryStep, draft.LabelWidth)}; in the sequences before there is {Label(LabelAtEveryStep, LabelWidth)}.")
            : null;
    }

    private void Reserve(SequenceDraft draft, long line)
    {
        _held += ValuesPerSequence + draft.Values.Count + draft.Symbols.Count + draft.Classes.Count + draft.Numbers.Count;
        if (_held + Events.Values + Classes.Values + Groups.Values > _limits.MaximumValues || Count == int.MaxValue)
        {
            throw new InvalidDataSetException(
                $"Line {line}: with this sequence there are more than the {_limits.MaximumValues} values that are held in memory.", line);
        }
    }

    private static void Copy<T>(List<T> from, ChunkedList<T> to)
        where T : unmanaged
    {
        foreach (var value in from)
        {
            to.Add(value);
        }
    }

    public static string Step(SequenceInput input, int width) => input switch
    {
        SequenceInput.Events => "the name of an event",
        SequenceInput.Characters => "a character",
        _ => width == 1 ? "one number" : $"{width} numbers",
    };

    private static string Label(bool atEveryStep, int width) =>
        (width == 1 ? "one label" : $"a label of {width} numbers") + (atEveryStep ? " at every time step" : " for the sequence");

    private static ImmutableArray<string> Names(ImmutableArray<string> given, int width) => given.Length == width
        ? given
        : [.. Enumerable.Range(0, width).Select(place => $"{given[0]}[{place}]")];

    private readonly record struct Place(long Start, int Length, long Line, int Group);
}
