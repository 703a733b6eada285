using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Sequences;

/// <summary>
/// Sequences without labels, as a model takes them in that was trained on <see cref="SequencesData"/>: only
/// what the model remembers of its data is needed, not the data.
/// </summary>
public sealed class SequenceInputs
{
    private readonly SequenceStore _store;
    private readonly NetworkInputs _inputs;
    private readonly DataSchema _schema;

    private SequenceInputs(SequenceStore store, DataSchema schema)
    {
        (_store, _schema) = (store, schema);
        // Events and characters of a model are numbered as its symbols.
        _inputs = new NetworkInputs(store, schema.Features, [.. Enumerable.Range(0, schema.Input == InputKind.Symbols ? schema.InputSize : 0)]);
    }

    /// <summary>Sequences, in the order of the file.</summary>
    public int Count => _store.Count;

    /// <summary>Time steps of the longest sequence.</summary>
    public int MaximumTime { get; private init; }

    /// <summary>Reads the sequences of a file.</summary>
    /// <param name="content">Read to its end and left open. Labels may stand in it; they are not looked at.</param>
    /// <param name="options">Where the sequences are.</param>
    /// <param name="schema">What the model remembers of the data that it was trained on.</param>
    /// <param name="limits">Bounds of what is read; null: the usual ones.</param>
    /// <exception cref="InvalidDataSetException">
    /// The file is not what the options say, or its steps are not those of the model; the message has up to 20 faults.
    /// </exception>
    public static SequenceInputs Read(Stream content, SequencesOptions options, DataSchema schema, DataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(schema);
        SequencesFile.Require(options);
        limits ??= DataLimits.Default;
        var store = new SequenceStore(options, limits, schema);
        SequencesFile.Read(content, options, store, labelled: false, limits, file: null);
        RequireInput(store, schema);
        if (store.Input == SequenceInput.Numbers)
        {
            var scales = new SequenceScales(store.Values, store.FeatureNames, options.Standardize);
            scales.FillMissing(schema.Features);
            var faults = SequencesFile.Faults(options, file: null);
            scales.RequireFinite(schema.Features, Enumerable.Range(0, store.Count).Select(store.StepsOf), faults);
            faults.ThrowIfAny();
        }

        return new SequenceInputs(store, schema) { MaximumTime = Enumerable.Range(0, store.Count).Max(store.LengthOf) };
    }

    /// <summary>Time steps of a sequence.</summary>
    public int LengthOf(int sequence) => _store.LengthOf(sequence);

    /// <summary>The line of the file, from 1, on which a sequence begins.</summary>
    public long LineOf(int sequence) => _store.LineOf(sequence);

    /// <summary>What the file calls a sequence: its group in a table; its line, from 1, among JSON lines.</summary>
    public string NameOf(int sequence) => _store.NameOf(sequence);

    /// <summary>Resizes the batch to the longest of some sequences, and writes them; the weight of every target is 0.</summary>
    /// <param name="batch">Receives inputs and lengths.</param>
    /// <param name="sequences">From 0 to <see cref="Count"/> − 1; row i of the batch is sequences[i].</param>
    /// <exception cref="ArgumentException">The batch takes in something else, or there is no such sequence.</exception>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> sequences)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Spec.Input != _schema.Input || batch.Spec.InputSize != _schema.InputSize)
        {
            throw new ArgumentException(
                $"the batch is for {batch.Spec.InputSize} {batch.Spec.Input}; the model takes in {_schema.InputSize} {_schema.Input}.", nameof(batch));
        }

        var time = 1;
        foreach (var sequence in sequences)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sequence, nameof(sequences));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Count, nameof(sequences));
            time = Math.Max(time, LengthOf(sequence));
        }

        batch.Resize(time, sequences.Length);
        for (var row = 0; row < sequences.Length; row++)
        {
            _inputs.Write(batch, row, sequences[row]);
        }

        batch.TargetWeights.Clear();
        batch.Classes.Clear();
        batch.Targets.Clear();
    }

    private static void RequireInput(SequenceStore store, DataSchema schema)
    {
        var expected = schema.Input == InputKind.Features ? SequenceInput.Numbers
            : schema.Vocabulary is null ? SequenceInput.Events : SequenceInput.Characters;
        if (store.Input != expected || (expected == SequenceInput.Numbers && store.Width != schema.Features.Length))
        {
            throw new InvalidDataSetException(
                $"A time step is {SequenceStore.Step(store.Input, store.Width)}; the model was trained on {SequenceStore.Step(expected, schema.Features.Length)} a step.");
        }
    }
}
