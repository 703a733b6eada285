using System.Collections.Immutable;

namespace ActorTrainer.Data.Tables;

/// <summary>What stands in a CSV, column by column, for somebody who wants to know it before training.</summary>
/// <param name="Rows">Rows of data.</param>
/// <param name="Columns">In the order of the file.</param>
public sealed record TableSummary(long Rows, ImmutableArray<ColumnSummary> Columns)
{
    /// <summary>Most distinct values of a column that are counted.</summary>
    public const int MostDistinct = 1_000;

    /// <summary>Reads the file once, keeping no rows.</summary>
    /// <param name="file">A CSV, decompressed; read to its end and left open.</param>
    /// <param name="format">Missing values are counted, whatever it says of them.</param>
    /// <exception cref="InvalidDataSetException">The file is no table, or breaks a bound; the message has up to 20 faults.</exception>
    public static TableSummary Read(Stream file, TableFormat format, DataLimits limits)
    {
        var (faults, columns, count) = (FaultList.OfTable(), ImmutableArray<ColumnStatistics>.Empty, 0L);
        faults.Gather(() =>
        {
            using var rows = new CsvRows(file, format, limits, faults);
            columns = [.. rows.Columns.Select(name => new ColumnStatistics(name))];
            for (; rows.Read(); count++)
            {
                for (var place = 0; place < columns.Length; place++)
                {
                    columns[place].Add(rows.Cell(place));
                }
            }
        });
        return new TableSummary(count, [.. columns.Select(column => column.Summary())]);
    }
}

/// <summary>What stands in one column.</summary>
/// <param name="Numbers">Statistics where every value that is there is a number, and there is one; null: a column of text.</param>
/// <param name="Present">Values that are there.</param>
/// <param name="Missing">Cells that are empty or say NA, NaN, null or ?.</param>
/// <param name="Distinct">Different values (as they are written); <see cref="TableSummary.MostDistinct"/> + 1: more than are counted.</param>
public sealed record ColumnSummary(string Name, NumberSummary? Numbers, long Present, long Missing, int Distinct)
{
    /// <summary>Of a column of text: the first different values, cut where they are long; at most 3.</summary>
    public ImmutableArray<string> Examples { get; init; } = [];

    /// <summary>Where the values stand in lists, one in each row: the shortest and the longest list. Else null.</summary>
    public (long Shortest, long Longest)? Lengths { get; init; }
}

/// <summary>Of the values that are there, in file order and in double.</summary>
/// <param name="Deviation">√(Σ(x − mean)² / n).</param>
public sealed record NumberSummary(double Minimum, double Maximum, double Mean, double Deviation);
