using System.Text;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Tests.Tables;

public sealed class TableTests
{
    private static readonly TableFormat Format = TableFormat.Default;

    private static Table Read(string csv, TableFormat? format = null, string[]? numbers = null, string[]? texts = null, DataLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(csv), format, numbers, texts, limits);

    private static Table Read(byte[] csv, TableFormat? format = null, string[]? numbers = null, string[]? texts = null, DataLimits? limits = null) =>
        Table.Read(new PiecewiseStream(csv, 7), format ?? Format, [.. numbers ?? ["x"]], [.. texts ?? []], limits ?? DataLimits.Default);

    private static InvalidDataSetException Refused(string csv, TableFormat? format = null, string[]? numbers = null, DataLimits? limits = null) =>
        Assert.Throws<InvalidDataSetException>(() => Read(csv, format, numbers, limits: limits));

    [Fact]
    public void Keeps_the_columns_that_are_wanted()
    {
        var table = Read("\"Month\",x,note\r\n\"1749-01\",58.0,a\r\n1749-02, -6.26e1 ,\"b, \"\"c\"\"\nd\"\n1749-03,.5,a", texts: ["note", "Month"]);

        Assert.Equal(["Month", "x", "note"], table.Columns.AsEnumerable());
        Assert.Equal(3, table.Rows);
        Assert.Equal([58.0, -62.6, 0.5], table.Numbers("x").ToArray());
        Assert.Equal(["a", "b, \"c\"\nd"], table.Texts("note").Distinct);
        Assert.Equal([0, 1, 0], table.Texts("note").Codes.ToArray());
        Assert.Equal("1749-03", table.Texts("Month")[2]);
        Assert.Equal([2, 3, 5], new[] { table.LineOf(0), table.LineOf(1), table.LineOf(2) });
    }

    [Fact]
    public void Passes_over_blank_lines_and_a_byte_order_mark()
    {
        var table = Read("\uFEFFx\n1\n\n\n2\n\n");

        Assert.Equal([1.0, 2.0], table.Numbers("x").ToArray());
        Assert.Equal([2, 5], new[] { table.LineOf(0), table.LineOf(1) });
    }

    [Fact]
    public void May_have_no_rows() => Assert.Equal(0, Read("x\n").Rows);

    [Fact]
    public void Is_split_where_the_delimiter_says() =>
        Assert.Equal([2.5], Read("a;x\n1,5;2.5", Format with { Delimiter = ";" }).Numbers("x").ToArray());

    [Theory]
    [InlineData("")]
    [InlineData(",,")]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("，")]
    public void Wants_one_ascii_character_as_delimiter(string delimiter) =>
        Assert.Throws<ArgumentException>(() => Read("x\n1", Format with { Delimiter = delimiter }));

    [Theory]
    [InlineData("Month,Passengers\n1949-01,112\n1949-02,12O\n", 3, "Passengers", "Row 3, column Passengers: \"12O\" is no number.")]
    [InlineData("Month,Passengers\n1,1e999\n", 2, "Passengers", "Row 2, column Passengers: \"1e999\" is beyond what a number of 64 bits can hold.")]
    [InlineData("Month,Passengers\n1,Infinity\n", 2, "Passengers", "\"Infinity\"")]
    [InlineData("Month,Passengers\n1,\"1,234\"\n", 2, "Passengers", "\"1,234\" is no number: decimals have a point, and thousands no comma.")]
    [InlineData("Month,Passengers\n1,１２\n", 2, "Passengers", "is no number")]
    [InlineData("Month,Passengers\n1,0x1F\n", 2, "Passengers", "is no number")]
    [InlineData("Month,Passengers\n1,\u001b[31m\n", 2, "Passengers", "\"\\u001b[31m\" is no number")]
    [InlineData("Month,Passengers\n1,2\n1,NA\n", 3, "Passengers", "the value is missing (\"NA\"); table.missing says what is taken instead: previous or mean")]
    [InlineData("Month,Passengers\n\"a\n\nb\",2\n1\n", 5, null, "Row 5: found 1 fields; the first row names 2 columns.")]
    [InlineData("Month,Passengers\n1,2,3\n", 2, null, "Row 2: found 3 fields; the first row names 2 columns.")]
    [InlineData("Month,Passengers\n1,2\n\"1,2\n1,2\n1,2\n", 3, null, "Row 3: a quote opens in this row and is never closed.")]
    [InlineData("Month,Passengers\n1,\"2\"3\n", 2, null, "Row 2: text follows a closing quote")]
    [InlineData("Month,Passengers\n1,2\"\n", 2, null, "Row 2: a quote stands in a field that does not begin with one")]
    [InlineData("Month,Passengers,Month\n", 1, null, "Row 1: columns 1 and 3 are both named \"Month\".")]
    [InlineData("Month, ,Passengers\n", 1, null, "Row 1: column 2 has no name")]
    [InlineData("", null, null, "The file is empty")]
    [InlineData("\n\n", null, null, "The file is empty")]
    [InlineData("Month,passenger\n1,2\n", null, "Passengers", "The file has no column \"Passengers\" (did you mean \"passenger\"?); it has Month, passenger.")]
    public void Names_row_and_column_of_a_fault(string csv, int? row, string? column, string expected)
    {
        var refusal = Refused(csv, numbers: ["Passengers"]);

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal((row, column), ((int?)refusal.Row, refusal.Column));
    }

    [Theory]
    [InlineData("a;x\n1;2\n", "The file has no column \"x\"; it has \"a;x\". Is ';' what stands between columns? Then say so with delimiter.")]
    [InlineData("a\tx\n1\t2\n", "The file has no column \"x\"; it has \"a\\u0009x\". Is a tab what stands between columns? Then say so with delimiter.")]
    public void Asks_for_the_delimiter_where_it_seems_to_be_another(string csv, string message) =>
        Assert.Equal(message, Refused(csv, numbers: ["x"]).Message);

    [Fact]
    public void Passes_over_blank_lines_also_such_with_spaces() =>
        Assert.Equal([1, 2], Read("x,y\n\n1,1\n  \t\n2,2\n \n\n").Numbers("x").ToArray());

    [Fact]
    public void Tells_up_to_20_faults_together_with_that_which_ended_the_reading()
    {
        Assert.Equal(
            "Row 2, column x: \"a\" is no number.\nRow 3: found 1 fields; the first row names 2 columns.\n"
            + "Row 5, column x: the value is missing (\"\"); table.missing says what is taken instead: previous or mean.\nRow 6: a quote opens in this row and is never closed.",
            Refused("x,y\na,1\n1\n2,2\n,3\n\"4,4\n5,b\n", numbers: ["x"]).Message);
        var many = Refused("x\n" + string.Concat(Enumerable.Repeat("a\n", 50)), numbers: ["x"]).Message;
        Assert.Equal(21, many.Split('\n').Length);
        Assert.EndsWith("These are the first 20 faults; what follows was not read.", many, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData(" ? ")]
    public void Leaves_a_missing_value_open_where_it_is_allowed(string missing)
    {
        var table = Read($"x,y\n1,1\n{missing},2\n3,3\n", Format with { Missing = MissingValues.Previous });

        Assert.Equal([1, double.NaN, 3], table.Numbers("x").ToArray());
    }

    [Fact]
    public void Is_bounded()
    {
        Assert.Contains("more than 20 bytes", Refused("x\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", limits: new DataLimits(MaximumBytes: 20)).Message, StringComparison.Ordinal);
        Assert.Contains("more than the 2 values", Refused("x\n1\n2\n3\n", limits: new DataLimits(MaximumValues: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 65536", Refused("x\n" + new string('1', 70_000) + "\n").Message, StringComparison.Ordinal);
        Assert.Contains("4097 columns", Refused(string.Join(',', Enumerable.Range(0, 4097)) + "\n").Message, StringComparison.Ordinal);
        var unclosed = Refused("x\n1\n\"" + new string('\n', DataLimits.LineLength + 100_000));
        Assert.Contains("Row 3: the row is longer than 16777216 bytes; a quote that opens in it may never be closed", unclosed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_the_file_open()
    {
        var file = new MemoryStream(Encoding.UTF8.GetBytes("x\n1\n"));
        Table.Read(file, Format, ["x"], [], DataLimits.Default);
        Assert.True(file.CanRead);
    }
}
