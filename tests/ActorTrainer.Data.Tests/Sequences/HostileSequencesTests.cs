using System.Text;
using ActorTrainer.Data.Sequences;

namespace ActorTrainer.Data.Tests.Sequences;

public sealed class HostileSequencesTests
{
    private static readonly DataLimits Limits = new(MaximumBytes: 1 << 20, MaximumValues: 1 << 17);

    private static readonly string[] Numbers =
        ["0", "-0", "1e999", "-1e39", "1e-400", "3.4028236e38", "99999999999999999999999999", "0x10", "NaN", "Infinity", "1.", "+1", "", "null", "true"];

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData(LabelKind.Class, MissingValues.Error)]
    [InlineData(LabelKind.Number, MissingValues.Mean)]
    public void Every_mutant_of_JSON_lines_is_read_or_refused(LabelKind labels, MissingValues missing)
    {
        var options = new SequencesOptions(SequencesFormat.JsonLines, "", ["x"], "y", labels)
        {
            Table = TableFormat.Default with { Missing = missing },
            MaximumLength = 64,
        };
        var originals = labels == LabelKind.Class
            ? Bytes(
                "{\"x\":[1,2.5,-3e2],\"y\":\"cat\"}\n{\"x\":[4],\"y\":\"dog\",\"z\":{\"a\":[null,true]}}\r\n\n{\"y\":\"cat\",\"x\":[0.5,1]}\n",
                "{\"x\":[[1,2],[3,4]],\"y\":[\"N\",null]}\n{\"x\":[[5,6]],\"y\":[\"V\"]}\n",
                "{\"x\":[\"push\",\"pop\"],\"y\":1}\n{\"x\":[\"dup\"],\"y\":2}\n",
                "\uFEFF{\"x\":\"a\\u00e9😀\\ud83d\\ude00\",\"y\":true}\n{\"x\":\"\\\"b\",\"y\":false}")
            : Bytes(
                "{\"x\":[1,null,3],\"y\":0.5}\n{\"x\":[4],\"y\":-1}\n",
                "{\"x\":[[1,2],[3,null]],\"y\":[1,2]}\n{\"x\":[[5,6]],\"y\":[3,4]}\n",
                "{\"x\":[1,2,3],\"y\":[null,[5,6],null]}\n{\"x\":[2],\"y\":[[7,8]]}\n");
        string[] pieces =
        [
            .. Numbers, "[", "[[[[[[[[[[[[[[[[[[[[", "]", "{\"x\":", "\"x\":[1],", "\"y\":\"cat\",", "\"\\ud800\"", "\\udc00", "\\u0000", "\"x\"", "[]", "[null]", "{}",
            ",[1,2]", ",1", "\"", "\n", "\r", "\u2028", "/*", "//",
        ];
        new Mutants(20260901 + (int)labels, originals, pieces).Read(Limits.MaximumBytes + (8 * Limits.MaximumValues), file => Use(file, options));
    }

    [Theory]
    [InlineData(LabelKind.Class, MissingValues.Previous)]
    [InlineData(LabelKind.Number, MissingValues.Mean)]
    public void Every_mutant_of_a_table_is_read_or_refused(LabelKind labels, MissingValues missing)
    {
        var options = new SequencesOptions(SequencesFormat.Csv, "id", ["a", "b"], "y", labels)
        {
            Table = TableFormat.Default with { Missing = missing },
            MaximumLength = 64,
        };
        var originals = Bytes(
            "id,a,b,y\np,1,2,1\np,3,,1\nq,5,6,2\n",
            "\uFEFFy,id,b,a,more\r\n1,p,1,2,\"x\ny\"\r\n,p,3,4,\r\n3,p,5,6,\"\"\"\"\r\n4,\"q\",7,8,z\r\n",
            "id,a,b,y\n\np, 1 ,-2e3,7\né😀,0.5,NA,8\n");
        string[] pieces = [.. Numbers, "\"", "\"\"", "\",\"", ",", "\n", "\r", "p,1,2,1\n", "q,1,2,2\n", "\np,", "é", "\uFEFF", "\0", ";", "id", " "];
        new Mutants(20261001 + (int)labels, originals, pieces).Read(Limits.MaximumBytes + (8 * Limits.MaximumValues), file => Use(file, options));
    }

    [Fact]
    public void Every_mutant_that_is_to_be_predicted_is_read_or_refused()
    {
        var options = new SequencesOptions(SequencesFormat.JsonLines, "", ["x"], "y") { MaximumLength = 64 };
        var text = Encoding.UTF8.GetBytes("{\"x\":[\"push\",\"pop\"],\"y\":1}\n{\"x\":[\"dup\"],\"y\":2}\n");
        var schema = new SequencesData(new MemoryStream(text), null, options, 1, 0, 1).Schema;
        new Mutants(20261101, [text], ["\"pop\"", "\"swap\"", "[", "]", "1", "null", "\"x\":[\"pop\"],", "\\ud800"]).Read(
            Limits.MaximumBytes + (8 * Limits.MaximumValues), file => SequenceInputs.Read(file, options, schema, Limits));
    }

    private static void Use(Stream file, SequencesOptions options)
    {
        var data = new SequencesData(file, null, options, batchSize: 2, validationFraction: 0, seed: 1, Limits);
        var batch = Batches.For(data);
        for (var step = 0; step < Math.Min(data.StepsPerEpoch, 20); step++)
        {
            data.FillTraining(batch, step, Batches.AllRows(data.TrainingRows(step)));
            Assert.DoesNotContain(batch.Features.ToArray(), value => !float.IsFinite(value));
            Assert.DoesNotContain(batch.Symbols.ToArray(), symbol => symbol < 0 || symbol >= data.InputSize);
            Assert.DoesNotContain(batch.Classes.ToArray(), number => number < 0 || number >= data.Outputs);
            Assert.DoesNotContain(batch.Targets.ToArray(), value => !float.IsFinite(value));
        }
    }
}
