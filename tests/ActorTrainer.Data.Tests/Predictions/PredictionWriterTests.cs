using System.Text;
using ActorTrainer.Data.Predictions;

namespace ActorTrainer.Data.Tests.Predictions;

public sealed class PredictionWriterTests
{
    private static readonly PredictionColumns Classes =
        new([new("sequence"), new("step", IsCount: true), new("class")], ["a,b", "\"绿\""], AreProbabilities: true);

    private static readonly PredictionRow[] Rows =
    [
        new(["x\n", "1", "a,b"], [0.1 + 0.2, 1e-300]),
        new(["", "2", "\"绿\""], [double.PositiveInfinity, -0.0]),
    ];

    private static string Written(Action<Stream> write)
    {
        using var file = new MemoryStream();
        write(file);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    [Fact]
    public void A_CSV_names_its_columns_and_quotes_what_needs_it() => Assert.Equal(
        "sequence,step,class,\"p(a,b)\",\"p(\"\"绿\"\")\"\n\"x\n\",1,\"a,b\",0.30000000000000004,1E-300\n,2,\"\"\"绿\"\"\",,-0\n",
        Written(file => PredictionCsv.Write(Classes, Rows, file)));

    [Fact]
    public void A_JSON_line_holds_probabilities_by_class() => Assert.Equal(
        """{"sequence":"x\n","step":1,"class":"a,b","probabilities":{"a,b":0.30000000000000004,"\"绿\"":1E-300}}""" + "\n"
        + """{"sequence":"","step":2,"class":"\"绿\"","probabilities":{"a,b":null,"\"绿\"":-0}}""" + "\n",
        Written(file => PredictionJson.Write(Classes, Rows, file)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_written_as_JSON_is_read_again(bool areProbabilities)
    {
        var columns = Classes with { AreProbabilities = areProbabilities };
        var text = Written(file => PredictionJson.Write(columns, Rows, file));

        var (read, rows) = PredictionJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), labels: 3);
        var again = rows.ToList();

        Assert.Equal(columns.Labels.AsEnumerable(), read!.Labels);
        Assert.Equal(columns.Numbers.AsEnumerable(), read.Numbers);
        Assert.Equal(text, Written(file => PredictionJson.Write(read, again, file)));
        Assert.Equal(Rows[0].Numbers.AsEnumerable(), again[0].Numbers);
    }

    [Fact]
    public void Without_a_row_there_are_no_columns()
    {
        var (columns, rows) = PredictionJson.Read(new MemoryStream(), labels: 1);

        Assert.Null(columns);
        Assert.Empty(rows);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\":1}\n{\"b\":2}")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"x\":1}\n{\"a\":1}")]
    [InlineData("{\"a\":1,\"x\":1}\n{\"a\":1,\"y\":1}")]
    [InlineData("{\"a\":1,\"\\ud800\":1}")]
    [InlineData("{\"a\":1,\"x\":\"1\"}")]
    public void Another_line_is_refused(string text) => Assert.Throws<FormatException>(() =>
        PredictionJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), labels: 1).Rows.ToList());
}
