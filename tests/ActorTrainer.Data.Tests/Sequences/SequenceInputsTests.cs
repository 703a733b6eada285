using System.Text;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Sequences;

public sealed class SequenceInputsTests
{
    private static readonly SequencesOptions Json = new(SequencesFormat.JsonLines, "", ["x"], "y");
    private static readonly SequencesOptions Csv = new(SequencesFormat.Csv, "id", ["a"], "y");

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static DataSchema Trained(string text, SequencesOptions options) => new SequencesData(Stream(text), null, options, 1, 0, 1).Schema;

    private static SequenceBatch Batch(DataSchema schema, int time, int rows) => new(
        new NetworkSpec(
            schema.Input, schema.InputSize, [new LayerSpec.Elman(4, new Initializer.Xavier())], LossKind.SoftmaxCrossEntropy, schema.Outputs, new Initializer.Xavier()),
        time,
        rows);

    [Fact]
    public void Reads_numbers_on_the_scale_of_the_training_part_without_labels()
    {
        var schema = Trained("id,a,y\np,1,k\np,3,k\nq,5,l\n", Csv);
        var inputs = SequenceInputs.Read(Stream("a,id\n3,new\n,new\n3,other\n"), Csv with { Table = TableFormat.Default with { Missing = MissingValues.Mean } }, schema);
        var batch = Batch(schema, 4, 2);
        inputs.Fill(batch, [1, 0]);

        Assert.Equal((2, 2), (inputs.Count, inputs.MaximumTime));
        Assert.Equal(("new", 2, 2L), (inputs.NameOf(0), inputs.LengthOf(0), inputs.LineOf(0)));
        Assert.Equal(("other", 1, 4L), (inputs.NameOf(1), inputs.LengthOf(1), inputs.LineOf(1)));
        Assert.Equal([0f, 0f, 0f, 0f], batch.Features.ToArray());
        Assert.Equal([1, 2], batch.Lengths.ToArray());
        Assert.Equal([0f, 0f, 0f, 0f], batch.TargetWeights.ToArray());
        Assert.Equal((float)((1 - 3) / Math.Sqrt(8.0 / 3)), First("a,id\n1,p\n"));

        float First(string text)
        {
            SequenceInputs.Read(Stream(text), Csv, schema).Fill(batch, [0]);
            return batch.Features[0];
        }
    }

    [Fact]
    public void Reads_events_and_characters_as_the_symbols_of_the_model()
    {
        var events = Trained("""{"x":["push","pop"],"y":1}""" + "\n" + """{"x":["dup"],"y":2}""", Json);
        var characters = Trained("""{"x":"ab😀","y":1}""" + "\n" + """{"x":"c","y":2}""", Json);
        var batch = Batch(events, 3, 1);
        var named = SequenceInputs.Read(Stream("\n" + """{"x":["push","dup","pop"],"y":"ignored"}"""), Json, events);
        named.Fill(batch, [0]);

        Assert.Equal([2, 0, 1], batch.Symbols.ToArray());
        Assert.Equal(("2", 2L), (named.NameOf(0), named.LineOf(0)));
        batch = Batch(characters, 3, 1);
        SequenceInputs.Read(Stream("""{"x":"c😀a"}"""), Json, characters).Fill(batch, [0]);
        Assert.Equal([2, 3, 0], batch.Symbols.ToArray());
    }

    [Fact]
    public void Names_what_the_model_does_not_know()
    {
        var events = Trained("""{"x":["push","pop"],"y":1}""" + "\n" + """{"x":["dup"],"y":2}""", Json);
        var characters = Trained("""{"x":"ab","y":1}""" + "\n" + """{"x":"c","y":2}""", Json);
        var numbers = Trained("""{"x":[[1,2]],"y":1}""" + "\n" + """{"x":[[1,2]],"y":2}""", Json);

        Assert.Equal("Line 1, field x: event \"swap\" is not among the 3 that the model was trained on.", Refusal("""{"x":["pop","swap"]}""", events));
        Assert.Equal("Line 1, field x: character 'd' (U+0064) is not among the 3 that the model was trained on.", Refusal("""{"x":"abd"}""", characters));
        Assert.Equal("A time step is one number; the model was trained on 2 numbers a step.", Refusal("""{"x":[1]}""", numbers));
        Assert.Equal("A time step is 2 numbers; the model was trained on the name of an event a step.", Refusal("""{"x":[[1,2]]}""", events));
        Assert.Equal("The file has no sequence.", Refusal("", events));

        static string Refusal(string text, DataSchema schema) =>
            Assert.Throws<InvalidDataSetException>(() => SequenceInputs.Read(Stream(text), Json, schema)).Message;
    }

    [Fact]
    public void Refuses_a_batch_for_another_network_and_sequences_that_do_not_exist()
    {
        var schema = Trained("""{"x":"ab","y":1}""" + "\n" + """{"x":"c","y":2}""", Json);
        var inputs = SequenceInputs.Read(Stream("""{"x":"ab"}"""), Json, schema);

        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Fill(Batch(schema, 2, 1), [1]));
        Assert.Throws<ArgumentException>(() => inputs.Fill(Batch(schema with { InputSize = 9 }, 2, 1), [0]));
    }
}
