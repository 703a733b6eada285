using System.Collections.Immutable;
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
            SequencesFile.Read(validation, options, store, labelled: true, limits, file: "validation");
        }

        store.SettleLabels();
        RequireLabels(store);
        var split = validation is null
            ? ValidationSplit.Of(seed, inFirst, validationFraction, "sequences")
            : ValidationSplit.OfFiles(inFirst, store.Count - inFirst);
        var (classes, classOf) = options.LabelKind == LabelKind.Class ? Classes(store, split) : ([], []);
        var (features, targets) = (Features(store, split, options), Targets(store, split, options));
        var (schema, symbolOf) = SchemaOf(store, features, targets, classes);
        return new FittedSequences(store, split, schema, new NetworkInputs(store, features, symbolOf), classOf);
    }

    /// <summary>A sequence with one label must have it; only among labels at every step some may be masked.</summary>
    private static void RequireLabels(SequenceStore store)
    {
        var faults = new FaultList();
        for (var sequence = 0; !store.LabelAtEveryStep && sequence < store.Count; sequence++)
        {
            var label = store.LabelAt(sequence, 0);
            if (store.ClassLabels.Count > 0 ? store.ClassLabels[label] < 0 : double.IsNaN(store.NumberLabels[label]))
            {
                faults.Add(store.LineOf(sequence), null, $"sequence {store.NameOf(sequence)} has no label.");
            }
        }

        faults.ThrowIfAny();
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

    private static (ImmutableArray<string> Names, int[] ClassOf) Classes(SequenceStore store, ValidationSplit split)
    {
        var trained = new bool[store.Classes.Count];
        foreach (var sequence in split.Training)
        {
            foreach (var number in ClassesOf(store, sequence))
            {
                trained[number] = true;
            }
        }

        var faults = new FaultList();
        var told = trained.ToArray();
        foreach (var sequence in split.Validation)
        {
            foreach (var number in ClassesOf(store, sequence))
            {
                if (!told[number])
                {
                    told[number] = true;
                    faults.Add(store.LineOf(sequence), null, $"class '{store.Classes[number]}' stands in sequences that only validate; "
                        + "what cannot be learned cannot be validated. Give it to some that are trained on, or leave it out.");
                }
            }
        }

        faults.ThrowIfAny();
        var (names, classOf) = store.Classes.Ordered(number => trained[number]);
        return names.Length >= 2
            ? (names, classOf)
            : throw new InvalidDataSetException(names.IsEmpty
                ? "No sequence that is trained on has a label."
                : $"All labels that are trained on are '{names[0]}'; there must be two classes at least.");
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

    private static ImmutableArray<ColumnScale> Features(SequenceStore store, ValidationSplit split, SequencesOptions options)
    {
        if (store.Input != SequenceInput.Numbers)
        {
            return [];
        }

        var scales = new SequenceScales(store.Values, store.FeatureNames, options.Standardize);
        var fitted = scales.Fit([.. split.Training.Select(store.StepsOf)]);
        scales.FillMissing(fitted);
        scales.RequireFinite(fitted, Enumerable.Range(0, store.Count).Select(store.StepsOf));
        return fitted;
    }

    private static ImmutableArray<ColumnScale> Targets(SequenceStore store, ValidationSplit split, SequencesOptions options)
    {
        if (options.LabelKind == LabelKind.Class)
        {
            return [];
        }

        var scales = new SequenceScales(store.NumberLabels, store.TargetNames, options.Standardize);
        var fitted = scales.Fit([.. split.Training.Select(store.LabelsOf)]);
        scales.RequireFinite(fitted, Enumerable.Range(0, store.Count).Select(store.LabelsOf));
        return fitted;
    }
}
