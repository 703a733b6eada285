using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Reports;

/// <summary>Rows of cells as lines whose columns stand below one another.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="rows">Not empty; all of as many cells as the first.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => DisplayWidth.Of(row[column]))).ToArray();
        return rows.Select(row => string.Join(Gap, row.Select((cell, column) => cell + new string(' ', widths[column] - DisplayWidth.Of(cell)))).TrimEnd());
    }
}
