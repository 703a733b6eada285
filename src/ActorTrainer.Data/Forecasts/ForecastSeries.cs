using System.Collections.Immutable;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Forecasts;

/// <summary>All rows of a table as the network sees them, and the targets in the data's units.</summary>
internal sealed class ForecastSeries
{
    private readonly float[] _seen;
    private readonly double[] _values;
    private readonly int _features;
    private readonly int _targets;

    private ForecastSeries(Table table, ForecastOptions options, ImmutableArray<ColumnScale> known, int end)
    {
        (Rows, _features, _targets) = (table.Rows, options.Features, options.Targets.Length);
        _seen = new float[checked(Rows * _features)];
        _values = new double[checked(Rows * _targets)];
        var scales = ImmutableArray.CreateBuilder<ColumnScale>(_features);
        for (var place = 0; place < _features; place++)
        {
            var isTarget = place < _targets;
            var name = isTarget ? options.Targets[place] : options.Inputs[place - _targets];
            var column = new ForecastColumn(table, name, options.Log && isTarget, isTarget ? options.Difference : 0, options.Table.Missing);
            scales.Add(known.IsDefault ? Fitted(column, options, end) : Filled(column, options, known[place]));
            column.Write(scales[place], _seen, place, _features);
            for (var row = 0; isTarget && row < Rows; row++)
            {
                _values[(row * _targets) + place] = column.Values[row];
            }
        }

        Scales = scales.MoveToImmutable();
    }

    public int Rows { get; }

    /// <summary>Of each feature, in the order of the features.</summary>
    public ImmutableArray<ColumnScale> Scales { get; }

    /// <summary>The series of training data: scales are those of the rows before <paramref name="end"/>.</summary>
    /// <exception cref="InvalidDataSetException">A value cannot be used.</exception>
    public static ForecastSeries Fit(Table table, ForecastOptions options, int end) => new(table, options, default, end);

    /// <summary>A series for a model whose scales are known.</summary>
    /// <exception cref="InvalidDataSetException">A value cannot be used.</exception>
    public static ForecastSeries With(Table table, ForecastOptions options, ImmutableArray<ColumnScale> scales) => new(table, options, scales, 0);

    /// <summary>[rows × features] from a row on. Before the difference's first rows nothing is seen of targets.</summary>
    public ReadOnlySpan<float> Seen(int row, int rows) => _seen.AsSpan(row * _features, rows * _features);

    /// <summary>[rows × targets] from a row on, in the data's units.</summary>
    public ReadOnlySpan<double> Values(int row, int rows) => _values.AsSpan(row * _targets, rows * _targets);

    private static ColumnScale Fitted(ForecastColumn column, ForecastOptions options, int end)
    {
        var scale = options.Standardize || options.Table.Missing == MissingValues.Mean ? column.Fit(end) : ColumnScale.Identity(column.Name);
        column.FillMissing(scale.Mean);
        return options.Standardize ? scale : ColumnScale.Identity(column.Name);
    }

    private static ColumnScale Filled(ForecastColumn column, ForecastOptions options, ColumnScale scale)
    {
        if (!options.Standardize && column.HasMissing)
        {
            throw new InvalidDataSetException(
                $"Column {CellText.Name(column.Name)} has missing values; the model was trained without standardize and does not know their mean.", row: null, column.Name);
        }

        column.FillMissing(scale.Mean);
        return scale;
    }
}
