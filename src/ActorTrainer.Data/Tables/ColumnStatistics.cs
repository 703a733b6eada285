using System.Collections.Immutable;
using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>Gathers what a column holds, one cell after the other, in bounded memory.</summary>
/// <remarks>Mean and squares by Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3), 1962.</remarks>
internal sealed class ColumnStatistics(string name)
{
    private const int MostExamples = 3;
    private const int LongestExample = 40;

    // By a hash of 64 bits, so that thousands of columns with long texts stay small: two of a thousand values are taken for one once in 10¹³ columns.
    private readonly HashSet<ulong> _distinct = [];
    private readonly List<string> _examples = [];
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

        Add(cell, mayBeNumber: true);
    }

    /// <summary>Adds a value that is there.</summary>
    /// <param name="mayBeNumber">False: it is a text, whatever it says.</param>
    public void Add(ReadOnlySpan<byte> cell, bool mayBeNumber)
    {
        _present++;
        AddDistinct(cell);
        if (!_isText && mayBeNumber && CellNumber.TryRead(cell, out var x))
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
        _distinct.Count)
    {
        Examples = _isText ? [.. _examples] : ImmutableArray<string>.Empty,
    };

    private void AddDistinct(ReadOnlySpan<byte> cell)
    {
        if (_distinct.Count <= TableSummary.MostDistinct && _distinct.Add(Hash(cell)) && _examples.Count < MostExamples)
        {
            var text = Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 4 * (LongestExample + 1))]);
            _examples.Add(CellText.Cut(text, LongestExample));
        }
    }

    /// <summary>FNV-1a: Fowler, Noll and Vo, RFC 9923.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * 0x100000001B3);
        }

        return hash;
    }
}
