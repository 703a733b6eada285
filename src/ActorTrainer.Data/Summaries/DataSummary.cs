using System.Collections.Immutable;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Summaries;

/// <summary>What a file of data holds, for somebody who wants to know it before training.</summary>
/// <param name="Rows">Rows of a table; JSON objects; lines of text; pictures or labels.</param>
/// <param name="Columns">Of a table, in its order; fields of JSON objects, as they first appear; of IDX one: the bytes.</param>
/// <param name="Dimensions">Of IDX.</param>
/// <param name="Characters">Of text: code points.</param>
/// <param name="Symbols">Of text: different ones.</param>
public sealed record DataSummary(
    DataFormat Format, long Rows, ImmutableArray<ColumnSummary> Columns, ImmutableArray<int> Dimensions, long? Characters = null, int? Symbols = null)
{
    /// <summary>Reads a file once, to its end, keeping none of it.</summary>
    /// <param name="file">Left open.</param>
    /// <param name="format">Null: told by the first bytes.</param>
    /// <param name="table">How a CSV is written; missing values are counted, whatever it says of them.</param>
    /// <exception cref="InvalidDataSetException">The file is not what its format asks for, or breaks a bound.</exception>
    public static DataSummary Read(Stream file, DataFormat? format, TableFormat table, DataLimits limits)
    {
        var start = new byte[FormatGuess.Length];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.Length == 0)
        {
            throw new InvalidDataSetException("The file is empty.");
        }

        using var whole = new PrefixedStream(start, file);
        return (format ?? FormatGuess.Of(start, table.Delimiter is [var delimiter] ? delimiter : ',')) switch
        {
            DataFormat.Csv => OfTable(TableSummary.Read(whole, table, limits)),
            DataFormat.JsonLines => JsonLinesSummary.Read(whole, limits),
            DataFormat.Idx => IdxSummary.Read(whole, limits),
            _ => TextSummary.Read(whole, limits),
        };
    }

    private static DataSummary OfTable(TableSummary table) => new(DataFormat.Csv, table.Rows, table.Columns, []);
}
