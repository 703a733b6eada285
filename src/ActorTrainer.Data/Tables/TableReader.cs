using System.Collections.Immutable;

namespace ActorTrainer.Data.Tables;

/// <summary>Fills a table from the rows of a file.</summary>
internal static class TableReader
{
    // A text that appears for the first time costs about as much as so many numbers: its characters, and its entry in the look-up.
    private const int ValuesOfNewText = 8;

    /// <inheritdoc cref="Table.Read"/>
    public static Table Read(Stream file, TableFormat format, ImmutableArray<string> numbers, ImmutableArray<string> texts, DataLimits limits)
    {
        var (faults, table) = (FaultList.OfTable(), (Table?)null);
        faults.Gather(() =>
        {
            using var rows = new CsvRows(file, format, limits, faults);
            table = Read(rows, format.Missing, numbers, texts, limits);
        });
        return table!;
    }

    private static Table Read(CsvRows rows, MissingValues missing, ImmutableArray<string> numbers, ImmutableArray<string> texts, DataLimits limits)
    {
        RequireColumns(rows.Columns, [.. numbers, .. texts]);
        var numberColumns = numbers.Distinct(StringComparer.Ordinal).Select(name => (Place: rows.Columns.IndexOf(name), Column: new NumberColumn(name))).ToArray();
        var textColumns = texts.Distinct(StringComparer.Ordinal).Select(name => (Place: rows.Columns.IndexOf(name), Column: new TextColumn(name))).ToArray();
        var lines = new RowLines();
        var room = new char[textColumns.Length == 0 ? 0 : DataLimits.CellLength];
        var values = 0L;
        while (rows.Read())
        {
            foreach (var (place, column) in numberColumns)
            {
                column.Add(CellNumber.Read(rows, place, missing));
            }

            foreach (var (place, column) in textColumns)
            {
                var known = column.Distinct.Count;
                column.Add(rows.Cell(place), room);
                values += column.Distinct.Count > known ? ValuesOfNewText : 0;
            }

            lines.Add(rows.Line);
            values += numberColumns.Length + textColumns.Length;
            if (values > limits.MaximumValues || lines.Rows == int.MaxValue)
            {
                throw rows.Refuse($"the table has more than the {limits.MaximumValues} values that are held in memory");
            }
        }

        return new Table(rows.Columns, numberColumns.Select(number => number.Column), textColumns.Select(text => text.Column), lines);
    }

    /// <exception cref="InvalidDataSetException">A wanted column is not there.</exception>
    public static void RequireColumns(ImmutableArray<string> columns, IEnumerable<string> wanted)
    {
        var lacking = wanted.Where(name => !columns.Contains(name, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).ToArray();
        if (lacking.Length == 0)
        {
            return;
        }

        var named = lacking.Take(CellText.MostNames)
            .Select(name => CellText.Quoted(name) + (NearestName.Of(name, columns) is { } nearest ? $" (did you mean {CellText.Quoted(nearest)}?)" : ""));
        throw new InvalidDataSetException(
            $"The file has no column{(lacking.Length == 1 ? "" : "s")} {string.Join(", ", named)}; it has {CellText.Listed(columns)}.{CsvRows.DelimiterHint(columns)}", row: null, lacking[0]);
    }
}
