using System.Text;
using ActorTrainer.Data.Lines;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Lines;

public sealed class LinesDataTests
{
    private const string Names = "emma\nolivia\nava\nisabella\nsophia\nmia\n";

    private static LinesData Data(string text, int batchSize = 2, double fraction = 0, int maximumLength = 256, uint seed = 7) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(text)), batchSize, fraction, maximumLength, seed);

    /// <summary>What a row's inputs and targets say, a symbol without weight as ·.</summary>
    private static string Row(LinesData data, SequenceBatch batch, int row)
    {
        var (inputs, targets) = (new StringBuilder(), new StringBuilder());
        for (var t = 0; t < batch.Time; t++)
        {
            var at = (t * batch.Rows) + row;
            inputs.Append(t < batch.Lengths[row] ? data.Vocabulary.Decode(batch.Symbols[at]) : "·");
            targets.Append(batch.TargetWeights[at] == 1f ? data.Vocabulary.Decode(batch.Classes[at]) : "·");
        }

        return $"{inputs}|{targets}";
    }

    private static List<string> Rows(LinesData data, long step)
    {
        var batch = Batches.For(data);
        data.FillTraining(batch, step, Batches.AllRows(data.TrainingRows(step)));
        return [.. Enumerable.Range(0, batch.Rows).Select(row => Row(data, batch, row))];
    }

    [Fact]
    public void Begins_and_ends_every_line_with_a_line_break() =>
        Assert.Equal(["\nada|ada\n"], Rows(Data("ada\n", batchSize: 4), step: 0));

    [Fact]
    public void Pads_shorter_rows_with_targets_of_no_weight()
    {
        var data = Data("ab\nc\n");
        var batch = Batches.For(data);
        batch.Symbols.Fill(9);
        batch.TargetWeights.Fill(9);
        data.FillTraining(batch, 0, [0, 1]);

        Assert.Equal(["\nab|ab\n", "\nc·|c\n·"], Rows(data, 0).Order(StringComparer.Ordinal));
        Assert.Equal(3, batch.Time);
        Assert.Equal([2, 3], batch.Lengths.ToArray().Order());
        Assert.Equal(0, batch.Symbols[(2 * 2) + (batch.Lengths[0] == 2 ? 0 : 1)]);
    }

    [Theory]
    [InlineData("a\r\nb\r\n")]
    [InlineData("\n\na\n\r\n\nb")]
    [InlineData("\uFEFFa\nb")]
    public void Skips_blank_lines_and_takes_every_end_of_a_line(string text)
    {
        var data = Data(text);

        Assert.Equal("\nab", data.Vocabulary.Characters);
        Assert.Equal(["\na|a\n", "\nb|b\n"], Rows(data, 0).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keeps_a_return_that_ends_no_line_and_spaces()
    {
        var data = Data("a\rb\n \nc\r");

        Assert.Equal(3, data.TrainingSamples);
        Assert.Equal("\n\r abc", data.Vocabulary.Characters);
    }

    [Fact]
    public void Makes_a_batch_as_long_as_its_longest_row_whichever_rows_are_asked_for()
    {
        var data = Data(Names, batchSize: 3, fraction: 0.34);
        var (whole, part) = (Batches.For(data), Batches.For(data));
        for (var step = 0; step < 4; step++)
        {
            data.FillTraining(whole, step, Batches.AllRows(data.TrainingRows(step)));
            for (var row = 0; row < whole.Rows; row++)
            {
                data.FillTraining(part, step, [row]);

                Assert.Equal(whole.Time, part.Time);
                Assert.Equal(Row(data, whole, row), Row(data, part, 0));
            }

            Assert.Equal(whole.Time, whole.Lengths.ToArray().Max());
        }
    }

    [Fact]
    public void Validates_on_lines_that_the_seed_draws_and_on_no_others()
    {
        var (data, again, other) = (Data(Names, fraction: 0.4), Data(Names, fraction: 0.4), Data(Names, fraction: 0.4, seed: 8));
        var batch = Batches.For(data);
        data.FillValidation(batch, 0, [0, 1]);
        string[] validated = [Row(data, batch, 0).Split('|')[0].Trim('\n', '·'), Row(data, batch, 1).Split('|')[0].Trim('\n', '·')];
        var trained = Enumerable.Range(0, 2).SelectMany(step => Rows(data, step)).Select(row => row.Split('|')[0].Trim('\n', '·'));

        Assert.Equal((2, 4, 1, 2), (data.ValidationSamples, data.TrainingSamples, data.ValidationBatches, data.ValidationRows(0)));
        Assert.Equal(Names.Trim().Split('\n').Order(), trained.Concat(validated).Order());
        Assert.Equal([data.ValidationSample(0, 0), data.ValidationSample(0, 1)], new[] { again.ValidationSample(0, 0), again.ValidationSample(0, 1) });
        Assert.NotEqual([data.ValidationSample(0, 0), data.ValidationSample(0, 1)], new[] { other.ValidationSample(0, 0), other.ValidationSample(0, 1) });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Shows_every_training_line_once_in_every_epoch_whatever_the_lanes(int lanes)
    {
        // 33 lines for training: 6 batches of 5 and a short one of 3, fewer rows than 8 lanes.
        var lines = Enumerable.Range(0, 40).Select(number => $"line{number}").ToArray();
        var data = Data(string.Join('\n', lines), batchSize: 5, fraction: 0.175);
        var batch = Batches.For(data);
        var orders = new HashSet<string>();
        Assert.Equal((7, 33, 3), (data.StepsPerEpoch, data.TrainingSamples, data.TrainingRows(6)));
        for (var epoch = 0; epoch < 5; epoch++)
        {
            var seen = new List<string>();
            for (var step = epoch * 7; step < (epoch + 1) * 7; step++)
            {
                foreach (var rows in RowsOfLanes(data.TrainingRows(step), batchSize: 5, lanes))
                {
                    data.FillTraining(batch, step, rows);
                    seen.AddRange(Enumerable.Range(0, rows.Length).Select(row => Row(data, batch, row).Split('|')[0].Trim('\n', '·')));
                }
            }

            Assert.Equal(33, seen.Count);
            Assert.Equal(33, seen.Distinct().Count());
            orders.Add(string.Join(' ', seen));
        }

        Assert.Equal(5, orders.Count);
    }

    /// <summary>The rows of each lane, row r in lane ⌊r · lanes / batch size⌋.</summary>
    private static IEnumerable<int[]> RowsOfLanes(int present, int batchSize, int lanes) =>
        Batches.AllRows(present).GroupBy(row => row * lanes / batchSize).Select(lane => lane.ToArray());

    [Fact]
    public void Has_the_schema_of_a_text_and_targets_at_every_step()
    {
        var data = Data(Names);

        Assert.Equal((InputKind.Symbols, LossKind.SoftmaxCrossEntropy, Head.EveryStep), (data.Input, data.NaturalLoss, data.Head));
        Assert.Equal(DataSchema.OfText(data.Vocabulary), data.Schema);
        Assert.Equal((9, false), (data.MaximumTime, data.CarriesState));
    }

    [Fact]
    public void Names_every_line_that_is_too_long()
    {
        var refused = Assert.Throws<InvalidDataSetException>(() => Data("abc\nabcd\n\nabcde😀\n", maximumLength: 3));

        Assert.Equal(
            "Line 2: it has 4 characters; maximum_length is 3.\nLine 4: it has 6 characters; maximum_length is 3.", refused.Message);
        Assert.Equal(2, refused.Row);
        Assert.Equal(3, Data("abc\nab😀\n", maximumLength: 3).MaximumTime - 1);
    }

    [Fact]
    public void Tells_no_more_than_20_faults()
    {
        var refused = Assert.Throws<InvalidDataSetException>(() => Data(string.Concat(Enumerable.Repeat("abcd\n", 100)), maximumLength: 3));

        Assert.Equal(21, refused.Message.Split('\n').Length);
        Assert.EndsWith("These are the first 20 faults; what follows was not read.", refused.Message);
    }

    [Theory]
    [InlineData("", 0.0, "The text has no line with a character in it; it needs at least one.")]
    [InlineData("\n\r\n\n", 0.0, "The text has no line with a character in it; it needs at least one.")]
    [InlineData("a\nb\nc", 0.3, "validation_fraction 0.3 of 3 lines is none. Raise it, or set it to 0 for no validation.")]
    public void Says_what_is_missing(string text, double fraction, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataSetException>(() => Data(text, fraction: fraction)).Message);

    [Fact]
    public void Stops_at_its_bounds()
    {
        var limits = new DataLimits(MaximumBytes: 1_000);
        LinesData Read(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), 1, 0, 256, 1, limits);

        Assert.Equal(
            "Line 1001: the text goes on after 1000 bytes, the most of a file.",
            Assert.Throws<InvalidDataSetException>(() => Read(new string('\n', 1_001))).Message);
        Assert.Equal(
            "Line 73: the 72 lines before it fill 1000 bytes of memory, the most for a file.",
            Assert.Throws<InvalidDataSetException>(() => Read(string.Concat(Enumerable.Repeat("a\n", 90)))).Message);
    }

    [Fact]
    public void Refuses_bytes_that_are_no_UTF_8() => Assert.Equal(
        "The text is not valid UTF-8: no character starts at byte offset 2 (bytes 0xFF62).",
        Assert.Throws<InvalidTextException>(() => new LinesData(new MemoryStream([0x61, 0x0A, 0xFF, 0x62]), 1, 0, 256, 1)).Message);

    [Fact]
    public void Fills_without_allocating() => Assert.Equal(0, Batches.AllocatedBy(Data(Names, fraction: 0.4)));
}
