using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>Data sets as `data import`, `data list` and `data describe` show them.</summary>
internal static class DataReport
{
    /// <summary>Columns that are shown; the rest is counted.</summary>
    private const int MostColumns = 50;

    private const int LongestName = 32;
    private const ulong CountedDistinct = 1_000;

    /// <summary>"2,820 rows of 2 columns".</summary>
    public static string Content(DatasetDescription data) => data.Format switch
    {
        DataFormat.Csv => $"a table of {Quantity.Of(data.Rows, "row")} and {Quantity.Of(data.Columns.Count, "column")}",
        DataFormat.JsonLines => $"{Quantity.Of(data.Rows, "JSON object")} with {Quantity.Of(data.Columns.Count, "field")}",
        DataFormat.Idx => $"IDX, {string.Join(" × ", data.Dimensions.Select(size => Quantity.Count(size)))} bytes",
        _ => $"text of {Quantity.Of(data.Characters, "character")}, {Quantity.Count(data.Symbols)} different, in {Quantity.Of(data.Rows, "line")}",
    };

    /// <summary>All that is known of a data set.</summary>
    /// <param name="title">What it is called.</param>
    public static IEnumerable<string> ToText(string title, DatasetDescription data)
    {
        yield return $"{Shown(title)}: {Content(data)}, {Quantity.Bytes(data.Dataset.Length)}";
        yield return $"  sha256  {data.Dataset.Sha256}";
        if (data.Columns.Count == 0)
        {
            yield break;
        }

        yield return "";
        string[][] rows =
        [
            [data.Format == DataFormat.JsonLines ? "FIELD" : "COLUMN", "HOLDS", "MISSING", "DIFFERENT", "VALUES"],
            .. data.Columns.Take(MostColumns).Select(column => new[]
            {
                Cut(Shown(column.Name)), Holds(column), Quantity.Count(column.Missing), Distinct(column.Distinct), Values(column),
            }),
        ];
        foreach (var line in TextTable.Lines(rows))
        {
            yield return "  " + line;
        }

        if (data.Columns.Count > MostColumns)
        {
            yield return $"  and {Quantity.Count(data.Columns.Count - MostColumns)} more";
        }
    }

    /// <summary>A line each, newest first, in columns.</summary>
    /// <param name="now">Ages are counted to it.</param>
    public static IEnumerable<string> ToTable(IReadOnlyList<Dataset> datasets, DateTimeOffset now) => TextTable.Lines(
    [
        ["NAME", "SIZE", "AGE", "SHA256"],
        .. datasets.Select(data => new[]
        {
            data.Name.Length == 0 ? "-" : Cut(Shown(data.Name)),
            Quantity.Bytes(data.Length),
            Quantity.Duration(now - data.StoredAt.ToDateTimeOffset()),
            data.Sha256,
        }),
    ]);

    private static string Holds(ColumnDescription column)
    {
        var kind = column.IsNumber ? "numbers" : column.Distinct == 0 ? "nothing" : "text";
        return column.HasLongest ? $"lists of {Range(column.Shortest, column.Longest)} {kind}" : kind;
    }

    private static string Range(ulong shortest, ulong longest) =>
        shortest == longest ? Quantity.Count(shortest) : $"{Quantity.Count(shortest)} to {Quantity.Count(longest)}";

    private static string Distinct(ulong distinct) => distinct > CountedDistinct ? $"> {Quantity.Count(CountedDistinct)}" : Quantity.Count(distinct);

    private static string Values(ColumnDescription column) => column.IsNumber
        ? $"{Quantity.Value(column.Minimum)} to {Quantity.Value(column.Maximum)}, mean {Quantity.Value(column.Mean)}, deviation {Quantity.Value(column.Deviation)}"
        : string.Join(", ", column.Examples.Select(example => $"\"{Cut(Shown(example))}\"")) + ((int)column.Distinct > column.Examples.Count ? ", …" : "");

    private static string Shown(string text) => SampleBlock.Clean(text).Replace('\n', ' ');

    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";
}
