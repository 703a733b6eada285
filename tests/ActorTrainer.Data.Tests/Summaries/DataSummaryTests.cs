using System.IO.Compression;
using System.Text;
using ActorTrainer.Data.Summaries;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Tests.Summaries;

public sealed class DataSummaryTests
{
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 4, 3, 5, 3, 9];

    private static DataSummary Read(byte[] file, DataFormat? format = null, DataLimits? limits = null) =>
        DataSummary.Read(new PiecewiseStream(file, 3), format, TableFormat.Default, limits ?? DataLimits.Default);

    private static DataSummary Read(string file, DataFormat? format = null) => Read(Encoding.UTF8.GetBytes(file), format);

    private static InvalidDataSetException Refused(string file, DataFormat? format = null) =>
        Assert.Throws<InvalidDataSetException>(() => Read(file, format));

    [Theory]
    [InlineData("Month,Passengers\n1949-01,112\n1949-02,118\n", DataFormat.Csv)]
    [InlineData("a,b\n\"x\ny,z\",2\n3,4\n", DataFormat.Csv)]
    [InlineData("a,b\n1,2\n1,2,3\n1,2\n1,2\n", DataFormat.Csv)]
    [InlineData("\uFEFF \n{\"a\": 1}\n", DataFormat.JsonLines)]
    [InlineData("emma\nolivia\nava\n", DataFormat.Text)]
    [InlineData("Roses are red,\nviolets are blue,\nsugar is sweet\nand so are you.\n", DataFormat.Text)]
    [InlineData("one line, with a comma", DataFormat.Text)]
    public void Tells_by_its_start_how_a_file_is_written(string start, DataFormat format)
    {
        Assert.Equal(format, FormatGuess.Of(Encoding.UTF8.GetBytes(start), ','));
    }

    [Fact]
    public void Counts_the_characters_of_a_text_however_it_is_cut()
    {
        var text = Read("\uFEFFäaä\n𝄞a");

        Assert.Equal((DataFormat.Text, 2, 6, 4), (text.Format, text.Rows, text.Characters, text.Symbols));
    }

    [Fact]
    public void Says_what_the_columns_of_a_table_hold()
    {
        var table = Read("month,value\njan,1\nfeb,\nmar,4\n");

        Assert.Equal((DataFormat.Csv, 3), (table.Format, table.Rows));
        Assert.Equal(["jan", "feb", "mar"], table.Columns[0].Examples.ToArray());
        Assert.Equal(new ColumnSummary("value", new NumberSummary(1, 4, 2.5, 1.5), 2, 1, 2), table.Columns[1] with { Examples = [] });
    }

    [Fact]
    public void Says_what_the_fields_of_json_objects_hold()
    {
        var json = Read("{\"t\": \"7\", \"n\": 2, \"v\": [1, 2, 6]}\n\n{\"n\": null, \"v\": [3], \"u\": [[1, 2], [3, 4]], \"o\": {\"x\": [1]}}\n");

        Assert.Equal((DataFormat.JsonLines, 2), (json.Format, json.Rows));
        Assert.Equal(["t", "n", "v", "u", "o"], json.Columns.Select(column => column.Name));
        Assert.Null(json.Columns[0].Numbers);
        Assert.Equal((1, 1, 1), (json.Columns[0].Missing, json.Columns[1].Missing, json.Columns[3].Missing));
        Assert.Equal((1L, 3L), json.Columns[2].Lengths);
        Assert.Equal(new NumberSummary(1, 6, 3, Math.Sqrt(3.5)), json.Columns[2].Numbers);
        Assert.Equal((2L, 2L), json.Columns[3].Lengths);
        Assert.Equal((4, 4), (json.Columns[3].Present, json.Columns[3].Distinct));
    }

    [Fact]
    public void Says_what_an_idx_file_holds_plain_or_compressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Labels);
        }

        foreach (var file in new[] { Labels, packed.ToArray() })
        {
            var idx = Read(file);
            Assert.Equal((DataFormat.Idx, 4), (idx.Format, idx.Rows));
            Assert.Equal([4], idx.Dimensions.ToArray());
            Assert.Equal(new ColumnSummary("value", new NumberSummary(3, 9, 5, Math.Sqrt(6)), 4, 0, 3), idx.Columns[0] with { Examples = [] });
        }
    }

    [Fact]
    public void Names_the_row_of_what_is_wrong()
    {
        Assert.Equal(3, Refused("a,b\n1,2\n1\n1,2\n1,2\n1,2\n").Row);
        Assert.Equal((2, "x"), (Refused("{\"x\": 1}\n{\"x\": 1, \"x\": 2}").Row, Refused("{\"x\": 1}\n{\"x\": 1, \"x\": 2}").Column));
        Assert.Equal("Line 2: no JSON object: the line is wrong at byte 1, or its nesting is deeper than 16.", Refused("{\"x\": 1}\n}").Message);
        Assert.Equal("Line 1: 7 stands where an object is expected.", Refused("7", DataFormat.JsonLines).Message);
        Assert.Equal("The file is empty.", Refused("").Message);
        Assert.StartsWith("Row 2: The text is not valid UTF-8", Assert.Throws<InvalidDataSetException>(() => Read([.. "a\n"u8, 0xFF])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_idx_file_that_is_not_as_long_as_it_says()
    {
        Assert.Contains("ends after 3 of 4", Assert.Throws<InvalidDataSetException>(() => Read(Labels[..^1])).Message, StringComparison.Ordinal);
        Assert.Contains("goes on after the 4", Assert.Throws<InvalidDataSetException>(() => Read([.. Labels, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("has 9 dimensions; from 1 to 3", Assert.Throws<InvalidDataSetException>(() => Read([0, 0, 8, 9, .. new byte[40]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stops_a_gzip_bomb_at_the_size_its_header_promises_and_a_text_at_the_limit()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Labels);
            gzip.Write(new byte[10_000_000]);
        }

        Assert.Throws<InvalidDataSetException>(() => Read(bomb.ToArray()));
        Assert.Contains("the most of a file", Assert.Throws<InvalidDataSetException>(
            () => Read(new byte[100].Select(_ => (byte)'a').ToArray(), limits: new DataLimits(MaximumBytes: 50))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("month,value\njan,1\nfeb,2\n", DataFormat.Csv)]
    [InlineData("{\"a\": [1, [2, \"x\"]], \"b\": {\"c\": null}}\n", DataFormat.JsonLines)]
    [InlineData("täxt\nline\n", DataFormat.Text)]
    public void Answers_every_mutant_with_a_summary_or_a_refusal(string original, DataFormat format)
    {
        var limits = new DataLimits(MaximumBytes: 1 << 20);
        var isSaid = false;
        new Mutants(20260301, [Encoding.UTF8.GetBytes(original)], ["\"", ",", "\r\n", "\0", "{", "]", "\uFEFF", "1e999"]).Read(limits.MaximumBytes, file =>
        {
            isSaid = !isSaid;
            Assert.True(DataSummary.Read(file, isSaid ? format : null, TableFormat.Default, limits).Rows >= 0);
        });
    }
}
