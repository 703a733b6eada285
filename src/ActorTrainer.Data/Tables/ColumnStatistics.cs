using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>Gathers what a column holds, one cell after the other, in bounded memory.</summary>
/// <remarks>Mean and squares by Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3), 1962.</remarks>
internal sealed class ColumnStatistics(string name)
{
    // A longer text is not kept: it counts as one more value each time.
    private const int LongestKept = 256;

    private readonly HashSet<string> _distinct = new(StringComparer.Ordinal);
    private int _long;
    private bool _isText;
    private long _present;
    private long _missing;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;
    private double _mean;
    private double _squares;

    public void Add(ReadOnlySpan<byte> cell)
    {
        if (CellNumber.IsMissing(cell))
        {
            _missing++;
            return;
        }

        _present++;
        AddDistinct(cell);
        if (!_isText && CellNumber.TryRead(cell, out var x))
        {
            var distance = x - _mean;
            _mean += distance / _present;
            _squares += distance * (x - _mean);
            (_minimum, _maximum) = (Math.Min(_minimum, x), Math.Max(_maximum, x));
        }
        else
        {
            _isText = true;
        }
    }

    public ColumnSummary Summary() => new(
        name,
        _isText || _present == 0 ? null : new NumberSummary(_minimum, _maximum, _mean, Math.Sqrt(_squares / _present)),
        _present,
        _missing,
        Math.Min(_distinct.Count + _long, TableSummary.MostDistinct + 1));

    private void AddDistinct(ReadOnlySpan<byte> cell)
    {
        if (_distinct.Count + _long > TableSummary.MostDistinct)
        {
            return;
        }

        if (cell.Length > LongestKept)
        {
            _long++;
        }
        else
        {
            _distinct.Add(Encoding.UTF8.GetString(cell));
        }
    }
}
