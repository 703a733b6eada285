namespace ActorTrainer.Data.Sequences;

/// <summary>Reads a file of sequences in whichever format it is written.</summary>
internal static class SequencesFile
{
    /// <exception cref="InvalidDataSetException">The options cannot be followed with any file.</exception>
    public static void Require(SequencesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumLength, SequencesOptions.LengthLimit, nameof(options));
        var faults = new FaultList();
        if (options.Inputs.IsDefaultOrEmpty || options.Inputs.Length > DataLimits.Columns)
        {
            faults.Add(null, null, $"{(options.Inputs.IsDefault ? 0 : options.Inputs.Length)} inputs are named; there must be 1 to {DataLimits.Columns}.");
        }
        else if (options.Inputs.Distinct(StringComparer.Ordinal).Count() != options.Inputs.Length || options.Inputs.Contains(options.Label))
        {
            faults.Add(null, null, $"inputs {string.Join(", ", options.Inputs)} and label {options.Label} must all be different.");
        }

        if (options.Format == SequencesFormat.Csv && options.Group.Length == 0)
        {
            faults.Add(null, null, "group is empty; it must name the column that tells which rows are one sequence.");
        }

        if (options.Table.Missing == MissingValues.Mean && !options.Standardize)
        {
            faults.Add(null, null, "missing numbers can be the mean only where numbers are standardised: a model remembers the mean then.");
        }

        faults.ThrowIfAny();
    }

    /// <summary>A list for the faults of a file.</summary>
    public static FaultList Faults(SequencesOptions options, string? file) =>
        options.Format == SequencesFormat.Csv ? FaultList.OfTable(file) : new FaultList(file);

    /// <summary>Reads a file into the store; nothing is kept of one that has faults.</summary>
    /// <param name="content">Read to its end and left open.</param>
    /// <param name="options">Where the sequences are.</param>
    /// <param name="store">Receives them.</param>
    /// <param name="labelled">Whether there must be labels.</param>
    /// <param name="limits">Bounds of what is read.</param>
    /// <param name="file">What the file is called in messages; null: it is the only one that matters.</param>
    /// <exception cref="InvalidDataSetException">The file has faults, or no sequence.</exception>
    public static void Read(
        Stream content, SequencesOptions options, SequenceStore store, bool labelled, DataLimits limits, string? file)
    {
        var before = store.Count;
        var faults = Faults(options, file);
        faults.Gather(() =>
        {
            if (options.Format == SequencesFormat.Csv)
            {
                CsvSequenceReader.Read(content, options, store, faults, labelled, limits);
            }
            else
            {
                JsonSequenceReader.Read(content, options, store, faults, labelled, limits);
            }
        });
        if (store.Count == before)
        {
            throw new InvalidDataSetException($"The {(file is null ? "" : file + " ")}file has no sequence.");
        }
    }
}
