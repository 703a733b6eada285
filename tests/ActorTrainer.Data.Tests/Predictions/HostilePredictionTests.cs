using System.Text;
using ActorTrainer.Data.Images;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Tests.Predictions;

/// <summary>What is sent to be predicted from, and what comes back from a node that nobody vouches for.</summary>
public sealed class HostilePredictionTests
{
    private const int Limit = 1 << 17;

    private static readonly DataLimits Limits = new(Limit, 1 << 14);

    private static readonly string[] Pieces =
    [
        "1e999", "-1e999", "1e-400", "NaN", "null", "true", "\"\\ud800\"", "\"\\udc00x\"", "\"绿\"", "256", "-1", "0.5", "9007199254740993",
        "[", "[[", "{", "{\"a\":", "}", "]", ",", ",,", "\r\n", "\n", "\"", "\\u0000", "\uFEFF", "é", "1 2", "{\"pixels\":[1,2]}",
    ];

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void Pictures_as_lines_are_read_or_refused_in_bounded_memory()
    {
        var originals = Texts("0,1,2,3,4,255\n9,8,7,6,5,4\n", "p1,p2,p3\n1,2,3\n", "[9,8,7,6]\n{\"pixels\":[1,2,3,4]}\n", "{\"id\":[1],\"pixels\":[0, 255]}\r\n\r\n 1, 2\n", "");
        new Mutants(20261124, originals, Pieces).Read(Limit, stream =>
        {
            var rows = PixelRows.Read(stream, Limits);
            Assert.NotEmpty(rows);
            var images = UnlabelledImages.FromTable(rows, inputSize: 2);
            Assert.Equal(rows.Count, images.Count);
        });
    }

    [Fact]
    public void Rows_as_JSON_lines_are_read_or_refused_in_bounded_memory()
    {
        var originals = Texts(
            "{\"month\":\"a\",\"sales\":3,\"heat\":-2.5}\n{\"month\":\"b\",\"sales\":4,\"heat\":null}\n",
            "{\"sales\":3,\"heat\":1,\"other\":{\"x\":[1,{}]},\"month\":7}\n\n{\"heat\":2,\"sales\":1e3}\r\n",
            "");
        new Mutants(20261125, originals, Pieces).Read(Limit, stream =>
            Assert.InRange(JsonTable.Read(stream, MissingValues.Previous, ["sales", "heat"], ["month"], Limits).Rows, 0, Limit));
    }

    [Fact]
    public void Rows_of_an_answer_are_read_or_refused_in_bounded_memory()
    {
        var originals = Texts(
            "{\"month\":\"2001-01\",\"sales\":3.5,\"heat\":null}\n{\"month\":\"2001-02\",\"sales\":-1E-07,\"heat\":0}\n",
            "{\"month\":3,\"class\":\"up\",\"probabilities\":{\"up\":0.75,\"down\":0.25}}\n{\"month\":4,\"class\":\"down\",\"probabilities\":{\"up\":0.25,\"down\":0.75}}\n",
            "");
        new Mutants(20261126, originals, Pieces).Read(Limit, stream =>
        {
            try
            {
                // What was read can be written in either form.
                var (columns, rows) = PredictionJson.Read(stream, labels: 1);
                if (columns is not null)
                {
                    PredictionRow[] all = [.. rows];
                    PredictionCsv.Write(columns, all, Stream.Null);
                    PredictionJson.Write(columns, all, Stream.Null);
                }
            }
            catch (FormatException refusal)
            {
                throw new InvalidDataSetException(refusal.Message);
            }
        });
    }
}
