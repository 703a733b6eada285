using System.Collections.Immutable;
using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Sequences;

/// <summary>Sequences with all that is measured on their training part: scales, classes, and the split itself.</summary>
/// <param name="Store">The sequences, those of the validation file last.</param>
/// <param name="Split">Which are trained on.</param>
/// <param name="Schema">What a model must remember.</param>
/// <param name="Inputs">How they enter a network.</param>
/// <param name="ClassOf">Of each number of a class in the store its output; empty for numbers.</param>
internal sealed record FittedSequences(
    SequenceStore Store, ValidationSplit Split, DataSchema Schema, NetworkInputs Inputs, int[] ClassOf)
{
    private const string ValidationFile = "validation";

    /// <exception cref="InvalidDataSetException">The files are not what the options say.</exception>
    public static FittedSequences Read(
        Stream content, Stream? validation, SequencesOptions options, double validationFraction, uint seed, DataLimits limits)
    {
        ArgumentNullException.ThrowIfNull(content);
        SequencesFile.Require(options);
        var store = new SequenceStore(options, limits);
        SequencesFile.Read(content, options, store, labelled: true, limits, file: null);
        var inFirst = store.Count;
        if (validation is not null)
        {
            SequencesFile.Read(validation, options, store, labelled: true, limits, file: ValidationFile);
        }

        store.SettleLabels();
        var files = new Files(store, options, inFirst);
        files.Each(RequireLabels);
        var split = validation is null
            ? ValidationSplit.Of(seed, inFirst, validationFraction, "sequences")
            : ValidationSplit.OfFiles(inFirst, store.Count - inFirst);
        var (classes, classOf) = options.LabelKind == LabelKind.Class ? Classes(store, split, files) : ([], []);
        var (features, targets) = (Features(split, files), Targets(split, files));
        var (schema, symbolOf) = SchemaOf(store, features, targets, classes);
        return new FittedSequences(store, split, schema, new NetworkInputs(store, features, symbolOf), classOf);
    }

    /// <summary>A sequence with one label must have it; only among labels at every step some may be masked.</summary>
    private static void RequireLabels(SequenceStore store, IEnumerable<int> sequences, FaultList faults)
    {
        foreach (var sequence in store.LabelAtEveryStep ? [] : sequences)
        {
            var label = store.LabelAt(sequence, 0);
            if (store.ClassLabels.Count > 0 ? store.ClassLabels[label] < 0 : double.IsNaN(store.NumberLabels[label]))
            {
                faults.Add(store.LineOf(sequence), null, $"sequence {CellText.Name(store.NameOf(sequence))} has no label.");
            }
        }
    }

    private static (DataSchema Schema, int[] SymbolOf) SchemaOf(
        SequenceStore store, ImmutableArray<ColumnScale> features, ImmutableArray<ColumnScale> targets, ImmutableArray<string> classes)
    {
        var outputs = classes.IsEmpty ? targets.Length : classes.Length;
        switch (store.Input)
        {
            case SequenceInput.Events:
                var (names, symbolOf) = store.Events.Ordered(_ => true);
                return (new DataSchema(InputKind.Symbols, names.Length, outputs, null, names, [], targets, classes), symbolOf);
            case SequenceInput.Characters:
                var (vocabulary, characters) = store.Characters.Finish();
                return (
                    new DataSchema(InputKind.Symbols, vocabulary.Count, outputs, vocabulary, [], [], targets, classes),
                    [.. characters.Select(symbol => (int)symbol)]);
            default:
                return (new DataSchema(InputKind.Features, features.Length, outputs, null, [], features, targets, classes), []);
        }
    }

    private static (ImmutableArray<string> Names, int[] ClassOf) Classes(SequenceStore store, ValidationSplit split, Files files)
    {
        var trained = new bool[store.Classes.Count];
        foreach (var sequence in split.Training)
        {
            foreach (var number in ClassesOf(store, sequence))
            {
                trained[number] = true;
            }
        }

        var faults = SequencesFile.Faults(files.Options, files.IsOne ? null : ValidationFile);
        var told = trained.ToArray();
        foreach (var sequence in split.Validation)
        {
            foreach (var number in ClassesOf(store, sequence))
            {
                if (!told[number])
                {
                    told[number] = true;
                    faults.Add(store.LineOf(sequence), null, $"class {CellText.Quoted(store.Classes[number])} is in no sequence that is trained on, and cannot be validated. "
                        + (files.IsOne ? "Those that have it were all drawn for validation: let there be more of them." : "Leave it out, or train on it."));
                }
            }
        }

        faults.ThrowIfAny();
        var (names, classOf) = store.Classes.Ordered(number => trained[number]);
        return names.Length >= 2
            ? (names, classOf)
            : throw new InvalidDataSetException(names.IsEmpty
                ? "No sequence that is trained on has a label."
                : $"All labels that are trained on are {CellText.Quoted(names[0])}; there must be two classes at least.");
    }

    private static IEnumerable<int> ClassesOf(SequenceStore store, int sequence)
    {
        var labels = store.LabelsOf(sequence);
        for (var label = labels.First; label < labels.First + labels.Count; label++)
        {
            if (store.ClassLabels[label] is var number and >= 0)
            {
                yield return number;
            }
        }
    }

    private static ImmutableArray<ColumnScale> Features(ValidationSplit split, Files files)
    {
        var store = files.Store;
        if (store.Input != SequenceInput.Numbers)
        {
            return [];
        }

        var scales = new SequenceScales(store.Values, store.FeatureNames, files.Options.Standardize);
        var fitted = scales.Fit([.. split.Training.Select(store.StepsOf)]);
        scales.FillMissing(fitted);
        files.Each((_, sequences, faults) => scales.RequireFinite(fitted, sequences.Select(store.StepsOf), faults));
        return fitted;
    }

    private static ImmutableArray<ColumnScale> Targets(ValidationSplit split, Files files)
    {
        if (files.Options.LabelKind == LabelKind.Class)
        {
            return [];
        }

        var store = files.Store;
        var scales = new SequenceScales(store.NumberLabels, store.TargetNames, files.Options.Standardize);
        var fitted = scales.Fit([.. split.Training.Select(store.LabelsOf)]);
        files.Each((_, sequences, faults) => scales.RequireFinite(fitted, sequences.Select(store.LabelsOf), faults));
        return fitted;
    }

    /// <summary>The sequences of each file, so that a fault is told with the file it is in.</summary>
    private sealed record Files(SequenceStore Store, SequencesOptions Options, int InFirst)
    {
        public bool IsOne => Store.Count == InFirst;

        public void Each(Action<SequenceStore, IEnumerable<int>, FaultList> check)
        {
            Check(0, InFirst, file: null);
            Check(InFirst, Store.Count - InFirst, ValidationFile);

            void Check(int first, int count, string? file)
            {
                var faults = SequencesFile.Faults(Options, file);
                check(Store, Enumerable.Range(first, count), faults);
                faults.ThrowIfAny();
            }
        }
    }
}
