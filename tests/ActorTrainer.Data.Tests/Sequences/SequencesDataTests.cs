using System.Globalization;
using System.Text;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Sequences;

public sealed class SequencesDataTests
{
    private static readonly SequencesOptions Json = new(SequencesFormat.JsonLines, "", ["x"], "y") { Standardize = false };
    private static readonly SequencesOptions Csv = new(SequencesFormat.Csv, "id", ["a", "b"], "y") { Standardize = false };

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static SequencesData Data(
        string text, SequencesOptions options, int batchSize = 8, double fraction = 0, string? validation = null, uint seed = 3) =>
        new(Stream(text), validation is null ? null : Stream(validation), options, batchSize, fraction, seed);

    private static string Refusal(string text, SequencesOptions options, string? validation = null) =>
        Assert.Throws<InvalidDataSetException>(() => Data(text, options, validation: validation)).Message;

    /// <summary>Every row of a step, "inputs → targets", ordered; a masked target is ·.</summary>
    private static IEnumerable<string> Rows(SequencesData data, long step = 0)
    {
        var batch = Batches.For(data);
        data.FillTraining(batch, step, Batches.AllRows(data.TrainingRows(step)));
        return Enumerable.Range(0, batch.Rows).Select(row => Row(batch, row)).Order(StringComparer.Ordinal);
    }

    private static string Row(SequenceBatch batch, int row)
    {
        var (inputs, targets) = (new List<string>(), new List<string>());
        for (var t = 0; t < batch.Time; t++)
        {
            var at = (t * batch.Rows) + row;
            var input = batch.Spec.Input == InputKind.Symbols
                ? Shown(batch.Symbols[at])
                : string.Join(',', batch.Features.Slice(at * batch.Spec.InputSize, batch.Spec.InputSize).ToArray().Select(Shown));
            if (t < batch.Lengths[row])
            {
                inputs.Add(input);
            }
            else
            {
                Assert.Matches("^[0,]+$", input);
            }
        }

        for (var t = 0; t < batch.TargetTime; t++)
        {
            var at = (t * batch.Rows) + row;
            var target = batch.Spec.Loss == LossKind.SoftmaxCrossEntropy
                ? Shown(batch.Classes[at])
                : string.Join(',', batch.Targets.Slice(at * batch.Spec.Outputs, batch.Spec.Outputs).ToArray().Select(Shown));
            targets.Add(batch.TargetWeights[at] == 1f ? target : "·");
        }

        return $"{string.Join(' ', inputs)} → {string.Join(' ', targets)}";
    }

    private static string Shown(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(int value) => value.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Reads_a_class_for_a_list_of_numbers()
    {
        var data = Data("""{"x":[1,2.5],"y":"cat","more":{"deep":[1]}}""" + "\n\n" + """{"y":"ant","x":[-3]}""", Json);

        Assert.Equal(["-3 → 0", "1 2.5 → 1"], Rows(data));
        Assert.Equal((Head.LastStep, LossKind.SoftmaxCrossEntropy, InputKind.Features), (data.Head, data.NaturalLoss, data.Input));
        Assert.Equal(["ant", "cat"], data.Schema.Classes.AsEnumerable());
        Assert.Equal([ColumnScale.Identity("x")], data.Schema.Features.AsEnumerable());
        Assert.Equal((1, 2, 2), (data.InputSize, data.Outputs, data.MaximumTime));
    }

    [Fact]
    public void Lets_a_constant_number_have_deviation_1_also_where_the_mean_of_equal_numbers_is_rounded()
    {
        var lines = string.Concat(Enumerable.Range(0, 10).Select(n => $$"""{"x":[0.1],"y":{{n % 2}}}""" + "\n"));

        var data = Data(lines, Json with { Standardize = true });

        Assert.Equal([new ColumnScale("x", 0.1, 1)], data.Schema.Features.AsEnumerable());
    }

    [Fact]
    public void Reads_lists_of_equally_many_numbers_and_several_fields()
    {
        var lists = Data("""{"x":[[1,2],[3,4]],"y":0}""" + "\n" + """{"x":[[5,6]],"y":1}""", Json);
        var fields = Data(
            """{"p":[1,3],"q":[2,4],"y":0}""" + "\n" + """{"q":[6],"p":[5],"y":1}""", Json with { Inputs = ["p", "q"] });

        Assert.Equal(["1,2 3,4 → 0", "5,6 → 1"], Rows(lists));
        Assert.Equal(Rows(lists), Rows(fields));
        Assert.Equal(["x[0]", "x[1]"], lists.Schema.Features.Select(column => column.Name));
        Assert.Equal(["p", "q"], fields.Schema.Features.Select(column => column.Name));
    }

    [Fact]
    public void Reads_names_of_events_and_characters_as_symbols()
    {
        var events = Data("""{"x":["push","pop","10"],"y":true}""" + "\n" + """{"x":["pop"],"y":false}""", Json);
        var characters = Data("""{"x":"b😀a","y":true}""" + "\n" + """{"x":"é","y":false}""", Json);

        Assert.Equal(["1 → 0", "2 1 0 → 1"], Rows(events));
        Assert.Equal(["10", "pop", "push"], events.Schema.Symbols.AsEnumerable());
        Assert.Equal(["1 3 0 → 1", "2 → 0"], Rows(characters));
        Assert.Equal("abé😀", characters.Schema.Vocabulary!.Characters);
        Assert.Equal(["false", "true"], characters.Schema.Classes.AsEnumerable());
    }

    [Fact]
    public void Reads_a_label_at_every_step_of_which_some_are_masked()
    {
        var data = Data("""{"x":[1,2,3],"y":["N",null,"V"]}""" + "\n" + """{"x":[4],"y":["V"]}""", Json);

        Assert.Equal(Head.EveryStep, data.Head);
        Assert.Equal(["1 2 3 → 0 · 1", "4 → 1 · ·"], Rows(data));
    }

    [Fact]
    public void Reads_one_and_several_numbers_as_labels()
    {
        var numbers = Json with { LabelKind = LabelKind.Number };

        var one = Data("""{"x":[1],"y":0.5}""" + "\n" + """{"x":[2],"y":-1}""", numbers);
        Assert.Equal(["1 → 0.5", "2 → -1"], Rows(one));
        Assert.Equal((1, LossKind.MeanSquaredError, Head.LastStep), (one.Outputs, one.NaturalLoss, one.Head));
        var two = Data("""{"x":[1],"y":[0.5,3]}""" + "\n" + """{"x":[2],"y":[-1,4]}""", numbers);
        Assert.Equal(["1 → 0.5,3", "2 → -1,4"], Rows(two));
        Assert.Equal(["y[0]", "y[1]"], two.Schema.Targets.Select(target => target.Name));
        var tagged = Data("""{"x":[1,2,3],"y":[null,[5,6],null]}""" + "\n" + """{"x":[2],"y":[[7,8]]}""", numbers);
        Assert.Equal(["1 2 3 → · 5,6 ·", "2 → 7,8 · ·"], Rows(tagged));
    }

    [Fact]
    public void Reads_rows_of_a_group_as_a_sequence()
    {
        var data = Data("id,y,b,a,other\np,cat,2,1,z\np,cat,4,3,\nq,ant,6,5,\"\n\"\n", Csv);

        Assert.Equal(["1,2 3,4 → 1", "5,6 → 0"], Rows(data));
        Assert.Equal(Head.LastStep, data.Head);
        Assert.Equal(["a", "b"], data.Schema.Features.Select(column => column.Name));
    }

    [Fact]
    public void Reads_labels_that_vary_within_a_group_as_a_label_of_every_row()
    {
        var data = Data("id,a,b,y\np,1,2,N\np,3,4,\np,5,6,V\nq,7,8,V\n", Csv);

        Assert.Equal(["1,2 3,4 5,6 → 0 · 1", "7,8 → 1 · ·"], Rows(data));
        Assert.Equal(Head.EveryStep, data.Head);
        var numbers = Data("id,a,b,y\np,1,2,10\np,3,4,\nq,7,8,20\n", Csv with { LabelKind = LabelKind.Number });
        Assert.Equal(["1,2 3,4 → 10 ·", "7,8 → 20 ·"], Rows(numbers));
    }

    [Fact]
    public void Standardises_by_the_training_part_and_keeps_the_scales()
    {
        var options = Json with { Standardize = true, LabelKind = LabelKind.Number };
        var data = Data("""{"x":[1,3],"y":10}""" + "\n" + """{"x":[5],"y":30}""", options, validation: """{"x":[1000],"y":20}""");
        var (mean, deviation) = (3.0, Math.Sqrt(8.0 / 3));
        var batch = Batches.For(data);
        data.FillValidation(batch, 0, [0]);

        Assert.Equal([new ColumnScale("x", mean, deviation)], data.Schema.Features.AsEnumerable());
        Assert.Equal([new ColumnScale("y", 20, 10)], data.Schema.Targets.AsEnumerable());
        Assert.Equal([$"{Shown((float)(-2 / deviation))} 0 → -1", $"{Shown((float)(2 / deviation))} → 1"], Rows(data));
        Assert.Equal($"{Shown((float)(997 / deviation))} → 0", Row(batch, 0));
        Assert.Equal((2, 1, 2), (data.TrainingSamples, data.ValidationSamples, data.ValidationSample(0, 0)));
    }

    [Theory]
    [InlineData(MissingValues.Previous, "1 1 4 → 0")]
    [InlineData(MissingValues.Mean, "-1 0 1 → 0")]
    public void Fills_missing_numbers_as_it_is_told(MissingValues missing, string row)
    {
        var options = Json with { Table = TableFormat.Default with { Missing = missing }, Standardize = missing == MissingValues.Mean };
        var text = missing == MissingValues.Mean
            ? """{"x":[2,null,4],"y":0}""" + "\n" + """{"x":[2,4],"y":1}"""
            : """{"x":[1,null,4],"y":0}""" + "\n" + """{"x":[2,4],"y":1}""";

        Assert.Contains(row, Rows(Data(text, options)));
        var cells = Csv with { Inputs = ["a"], Table = options.Table, Standardize = options.Standardize };
        var (first, middle) = missing == MissingValues.Mean ? ("2", "NA") : ("1", "");
        Assert.Contains(row, Rows(Data($"id,a,y\np,{first},0\np,{middle},0\np,4,0\nq,2,1\nq,4,1\n", cells)));
    }

    [Fact]
    public void Reads_tables_in_GBK_with_another_delimiter()
    {
        // 猫 is C3 A8 in GBK, 狗 is B9 B7.
        byte[] file = [.. "id;a;y\n1;0.5;"u8, 0xC3, 0xA8, .. "\n2;1;"u8, 0xB9, 0xB7, .. "\n"u8];
        var options = Csv with { Inputs = ["a"], Table = new TableFormat(TextEncoding.Gbk, ";", MissingValues.Error) };

        Assert.Equal(["狗", "猫"], new SequencesData(new MemoryStream(file), null, options, 1, 0, 1).Schema.Classes.AsEnumerable());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Shows_every_training_sequence_once_in_every_epoch_whatever_the_lanes(int lanes)
    {
        // 25 sequences to train on: 4 batches of 6 and a short one of 1, fewer rows than lanes.
        var text = string.Join('\n', Enumerable.Range(0, 31).Select(number => $$"""{"x":[{{number}},{{number % 3}}],"y":{{number % 2}}}"""));
        var data = Data(text, Json, batchSize: 6, fraction: 0.2);
        var batch = Batches.For(data);
        Assert.Equal((5, 25, 1, 6), (data.StepsPerEpoch, data.TrainingSamples, data.TrainingRows(4), data.ValidationSamples));
        var validated = Enumerable.Range(0, 6).Select(row => data.ValidationSample(0, row)).ToArray();
        for (var epoch = 0; epoch < 6; epoch++)
        {
            var seen = new List<int>();
            for (var step = epoch * 5; step < (epoch + 1) * 5; step++)
            {
                foreach (var lane in Batches.AllRows(data.TrainingRows(step)).GroupBy(row => row * lanes / 6))
                {
                    data.FillTraining(batch, step, lane.ToArray());
                    seen.AddRange(lane.Select((_, row) => (int)batch.Features[row]));
                }
            }

            Assert.Equal(Enumerable.Range(0, 31).Except(validated), seen.Order());
        }
    }

    [Fact]
    public void Refuses_a_class_that_only_validates_by_its_name()
    {
        Assert.Equal(
            "In the validation file: Line 2: class \"owl\" is in no sequence that is trained on, and cannot be validated. Leave it out, or train on it.",
            Refusal("""{"x":[1],"y":"a"}""" + "\n" + """{"x":[1],"y":"b"}""", Json, validation: """{"x":[1],"y":"b"}""" + "\n" + """{"x":[1],"y":"owl"}"""));
        var rare = string.Concat(Enumerable.Range(0, 9).Select(number => $"p{number},0,0,k{number}\n"));
        Assert.Matches(
            "^Row [0-9]+: class \"k[0-9]\" is in no sequence that is trained on, and cannot be validated. Those that have it were all drawn for validation: let there be more of them.$",
            Assert.Throws<InvalidDataSetException>(() => Data("id,a,b,y\n" + rare, Csv, fraction: 0.12)).Message);
        var symbols = Data("""{"x":"a","y":"a"}""" + "\n" + """{"x":"b","y":"b"}""", Json, validation: """{"x":"c","y":"b"}""");
        Assert.Equal("abc", symbols.Schema.Vocabulary!.Characters);
    }

    [Fact]
    public void Orders_integers_as_numbers_and_other_names_by_code_points()
    {
        Assert.Equal(["-1", "2", "10"], Classes("10", "2", "-1"));
        Assert.Equal(["-1", "10", "2", "x"], Classes("10", "2", "-1", "x"));
        Assert.Equal(["Z", "a", "ﬀ", "😀"], Classes("😀", "ﬀ", "a", "Z"));
    }

    private static IEnumerable<string> Classes(params string[] names) =>
        Data("id,a,b,y\n" + string.Concat(names.Select(name => $"{name},0,0,{name}\n")), Csv).Schema.Classes;

    [Fact]
    public void Fills_without_allocating()
    {
        Assert.Equal(0, Batches.AllocatedBy(Data("id,a,b,y\np,1,2,N\np,3,4,\np,5,6,V\nq,7,8,V\nr,1,1,N\n", Csv, batchSize: 2, validation: "id,a,b,y\np,1,2,N\n")));
        Assert.Equal(0, Batches.AllocatedBy(Data("""{"x":"ab","y":"a"}""" + "\n" + """{"x":"b","y":"b"}""", Json, validation: """{"x":"c","y":"b"}""")));
    }
}
