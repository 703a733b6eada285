using System.Collections.Immutable;
using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Forecasts;

/// <summary>
/// Recent rows from which a trained model forecasts what comes after the last of them: it needs what the
/// model remembers (<see cref="DataSchema"/>), and not the data that it was trained on.
/// </summary>
public sealed class ForecastHistory
{
    private readonly ForecastOptions _options;
    private readonly ForecastSeries _series;
    private readonly ForecastSpace _space;
    private readonly TextColumn? _time;

    /// <param name="table">The columns that the options name; at least <see cref="RowsNeeded"/> rows.</param>
    /// <param name="options">Those that the model was trained with; the table's format may be another.</param>
    /// <param name="schema">What the model remembers.</param>
    /// <exception cref="ArgumentException">The schema is not of such a model.</exception>
    /// <exception cref="InvalidDataSetException">There are too few rows, or a value cannot be used.</exception>
    public ForecastHistory(Table table, ForecastOptions options, DataSchema schema)
    {
        options.Require();
        if (!schema.Features.Select(column => column.Name).SequenceEqual(options.Targets.Concat(options.Inputs), StringComparer.Ordinal)
            || !schema.Targets.AsSpan().SequenceEqual(schema.Features.AsSpan()[..options.Targets.Length])
            || schema.Outputs != options.Outputs)
        {
            throw new ArgumentException("the schema is not of a forecast with these targets, inputs and horizon.", nameof(schema));
        }

        if (table.Rows < RowsNeeded(options))
        {
            throw new InvalidDataSetException(
                $"The table has {table.Rows} rows; a forecast needs the last {RowsNeeded(options)}: a window of {options.Window}"
                + (options.Difference > 0 ? $", and {options.Difference} before it for the difference." : "."));
        }

        (_options, _space) = (options, ForecastSpace.Of(options, schema));
        _series = ForecastSeries.With(table, options, schema.Features);
        _time = options.Time.Length == 0 || !table.HasTexts(options.Time) ? null : table.Texts(options.Time);
    }

    /// <summary>Reads the columns that the options name, and forecasts after the file's last row.</summary>
    /// <inheritdoc cref="ForecastHistory(Table, ForecastOptions, DataSchema)"/>
    public static ForecastHistory Read(Stream file, ForecastOptions options, DataSchema schema, DataLimits limits) =>
        new(options.ReadTable(file, limits), options, schema);

    /// <summary>The same from JSON lines: an object for each row, with the columns as fields.</summary>
    /// <inheritdoc cref="ForecastHistory(Table, ForecastOptions, DataSchema)"/>
    public static ForecastHistory ReadJsonLines(Stream file, ForecastOptions options, DataSchema schema, DataLimits limits)
    {
        options.Require();
        var texts = options.Time.Length == 0 ? ImmutableArray<string>.Empty : [options.Time];
        return new ForecastHistory(JsonTable.Read(file, options.Table.Missing, [.. options.Targets, .. options.Inputs], texts, limits), options, schema);
    }

    /// <summary>The fewest rows from which such a model forecasts.</summary>
    public static long RowsNeeded(ForecastOptions options) => (long)options.Window + options.Difference;

    /// <summary>Rows of the table.</summary>
    public int Rows => _series.Rows;

    /// <summary>What names a row; null where no column does.</summary>
    public string? TimeOf(int row) => _time?[row];

    /// <summary>[rows × targets] values from a row on, in the data's units.</summary>
    public ReadOnlySpan<double> Values(int row, int rows) => _series.Values(row, rows);

    /// <summary>Makes the batch one row, the last window, without a target.</summary>
    public void Fill(SequenceBatch batch)
    {
        batch.Resize(_options.Window, 1);
        _series.Seen(Rows - _options.Window, _options.Window).CopyTo(batch.Features);
        batch.Targets.Clear();
        batch.TargetWeights.Clear();
    }

    /// <summary>The forecast in the data's units.</summary>
    /// <param name="outputs">[h × targets] of the network at the window's last step.</param>
    /// <returns>[h × targets].</returns>
    public double[] Restore(ReadOnlySpan<float> outputs)
    {
        var values = new double[_options.Outputs];
        _space.Restore(outputs, _series.Values(0, Rows), values);
        return values;
    }
}
