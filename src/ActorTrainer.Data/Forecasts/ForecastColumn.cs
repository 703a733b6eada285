using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics;

namespace ActorTrainer.Data.Forecasts;

/// <summary>One column on its way from the file into the network: missing values, logarithm, difference, scale.</summary>
/// <remarks>
/// A value v has the level l = v, or ln v with log; what is learned is l itself, or with difference d the
/// change l[n] − l[n − d]. A missing value becomes the one before it, or the one whose change is the mean.
/// </remarks>
internal sealed class ForecastColumn
{
    private readonly Table _table;
    private readonly bool _log;
    private readonly int _difference;
    private readonly double[] _values;
    private readonly double[] _levels;

    /// <exception cref="InvalidDataSetException">A value is missing and nothing can take its place, or it has no logarithm.</exception>
    public ForecastColumn(Table table, string name, bool log, int difference, MissingValues missing)
    {
        (_table, Name, _log, _difference) = (table, name, log, difference);
        _values = table.Numbers(name).ToArray();
        if (missing != MissingValues.Mean)
        {
            // With the error policy nothing is missing in a table that was read, but it may be in one that was put together.
            var open = missing == MissingValues.Previous ? MissingNumbers.FillWithPrevious(_values) : Array.FindIndex(_values, double.IsNaN);
            if (open >= 0)
            {
                throw Refuse(open, missing == MissingValues.Previous ? "the value is missing, and there is none before it" : "the value is missing");
            }
        }

        _levels = log ? Logarithms() : (double[])_values.Clone();
    }

    public string Name { get; }

    /// <summary>[rows] values in the data's units. Whole once missing ones are filled.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Whether a value is missing still.</summary>
    public bool HasMissing => Array.Exists(_values, double.IsNaN);

    /// <summary>Mean and deviation of what is learned, over rows before <paramref name="end"/>, missing ones left out.</summary>
    /// <exception cref="InvalidDataSetException">There is no value, or they are too large.</exception>
    public ColumnScale Fit(int end) => Standardisation.Fit(Name, LearnedBefore(end));

    /// <summary>Lets every missing value be the one whose learned value is the mean.</summary>
    /// <exception cref="InvalidDataSetException">There is no value before it that the mean could be added to.</exception>
    public void FillMissing(double mean)
    {
        for (var row = 0; row < _levels.Length; row++)
        {
            if (!double.IsNaN(_levels[row]))
            {
                continue;
            }

            if (row < _difference)
            {
                throw Refuse(row, $"the value is missing, and there is none {_difference} rows before it");
            }

            _levels[row] = _difference == 0 ? mean : _levels[row - _difference] + mean;
            _values[row] = _log ? DoubleFunctions.Exp(_levels[row]) : _levels[row];
        }
    }

    /// <summary>Writes what the network sees.</summary>
    /// <param name="seen">[rows × features]; element (row, place) is written for every row from the difference on.</param>
    /// <exception cref="InvalidDataSetException">It is beyond what a float can hold.</exception>
    public void Write(ColumnScale scale, Span<float> seen, int place, int features)
    {
        for (var row = _difference; row < _levels.Length; row++)
        {
            var x = scale.Standardise(Learned(row));
            if (!float.IsFinite(x))
            {
                throw Refuse(row, $"{Learned(row)} is beyond what the network can see (a number of 32 bits)");
            }

            seen[(row * features) + place] = x;
        }
    }

    private double Learned(int row) => _difference == 0 ? _levels[row] : _levels[row] - _levels[row - _difference];

    private IEnumerable<double> LearnedBefore(int end)
    {
        for (var row = _difference; row < end; row++)
        {
            yield return Learned(row);
        }
    }

    private double[] Logarithms()
    {
        var (levels, faults) = (new double[_values.Length], FaultList.OfTable());
        for (var row = 0; row < levels.Length; row++)
        {
            if (_values[row] <= 0)
            {
                faults.Add(_table.LineOf(row), Name, $"{_values[row]} has no logarithm; with log every value must be above 0.");
            }
            else
            {
                levels[row] = DoubleFunctions.Log(_values[row]);
            }
        }

        faults.ThrowIfAny();
        return levels;
    }

    private InvalidDataSetException Refuse(int row, string fault) =>
        new($"Row {_table.LineOf(row)}, column {CellText.Name(Name)}: {fault}.", _table.LineOf(row), Name);
}
