using System.Text;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests;

public sealed class TextDataTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private static TextData Data(string text, int batchSize = 1, int sequenceLength = 1, double validationFraction = 0) =>
        new(Encoding.UTF8.GetBytes(text), batchSize, sequenceLength, validationFraction);

    /// <summary>A row of the batch as text: its inputs, a bar, and its targets.</summary>
    private static string Row(TextData data, SequenceBatch batch, int row)
    {
        var (inputs, targets) = (new int[batch.Time], new int[batch.Time]);
        for (var t = 0; t < batch.Time; t++)
        {
            inputs[t] = batch.Symbols[(t * batch.Rows) + row];
            targets[t] = batch.Classes[(t * batch.Rows) + row];
        }

        return $"{data.Vocabulary.Decode(inputs)}|{data.Vocabulary.Decode(targets)}";
    }

    private static string[] Rows(TextData data, SequenceBatch batch) =>
        [.. Enumerable.Range(0, batch.Rows).Select(row => Row(data, batch, row))];

    [Fact]
    public void Reads_contiguous_streams_window_by_window_and_wraps()
    {
        var data = Data(Alphabet, batchSize: 2, sequenceLength: 4);
        var batch = Batches.For(data);
        string[][] expected = [["abcd|bcde", "nopq|opqr"], ["efgh|fghi", "rstu|stuv"], ["ijkl|jklm", "vwxy|wxyz"]];

        Assert.Equal(3, data.WindowsPerPass);
        for (var step = 0; step < 7; step++)
        {
            data.FillTraining(batch, step, [0, 1]);

            Assert.Equal(expected[step % 3], Rows(data, batch));
            Assert.Equal(step % 3 == 0, data.TrainingStartsFromZeros(step));
            Assert.All(batch.TargetWeights.ToArray(), weight => Assert.Equal(1f, weight));
        }
    }

    [Fact]
    public void Gives_a_row_the_same_data_whatever_rows_stand_beside_it()
    {
        var data = Data(Alphabet, batchSize: 4, sequenceLength: 2);
        var batch = Batches.For(data);
        data.FillTraining(batch, 1, [0, 1, 2, 3]);
        var whole = Rows(data, batch);

        data.FillTraining(batch, 1, [3, 1]);
        Assert.Equal([whole[3], whole[1]], Rows(data, batch));

        data.FillTraining(batch, 1, []);
        Assert.Equal(0, batch.Rows);
    }

    [Fact]
    public void Keeps_the_end_of_the_text_for_validation_with_streams_of_its_own()
    {
        var data = Data(Alphabet, batchSize: 2, sequenceLength: 2, validationFraction: 0.4);
        var batch = Batches.For(data);

        Assert.Equal((16, 10), (data.TrainingCharacters, data.ValidationCharacters));
        Assert.Equal(2, data.ValidationBatches);
        Assert.Equal((true, false), (data.ValidationStartsFromZeros(0), data.ValidationStartsFromZeros(1)));
        data.FillValidation(batch, 0, [0, 1]);
        Assert.Equal(["qr|rs", "vw|wx"], Rows(data, batch));
        data.FillValidation(batch, 1, [0, 1]);
        Assert.Equal(["st|tu", "xy|yz"], Rows(data, batch));
    }

    [Fact]
    public void Never_trains_on_a_character_of_the_validation_part()
    {
        var data = Data(Alphabet, batchSize: 3, sequenceLength: 2, validationFraction: 0.3);
        var batch = Batches.For(data);
        for (var step = 0; step < data.WindowsPerPass; step++)
        {
            data.FillTraining(batch, step, [0, 1, 2]);
            Assert.All(batch.Symbols.ToArray().Concat(batch.Classes.ToArray()), symbol => Assert.InRange(symbol, 0, 18));
        }
    }

    [Fact]
    public void Validates_with_fewer_streams_where_the_part_is_short()
    {
        var data = Data(Alphabet, batchSize: 4, sequenceLength: 2, validationFraction: 0.3);
        var batch = Batches.For(data);

        Assert.Equal(7, data.ValidationCharacters);
        Assert.Equal((2, 1), (data.ValidationRows(0), data.ValidationBatches));
        data.FillValidation(batch, 0, [0, 1]);
        Assert.Equal(["tu|uv", "wx|xy"], Rows(data, batch));
    }

    [Fact]
    public void Has_no_validation_when_the_fraction_is_zero()
    {
        var data = Data(Alphabet, batchSize: 2, sequenceLength: 4);

        Assert.Equal(0, data.ValidationBatches);
        Assert.Equal(26, data.TrainingCharacters);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillValidation(Batches.For(data), 0, [0]));
    }

    [Fact]
    public void Is_what_a_language_model_needs()
    {
        var data = Data("春眠不覺曉 春眠", batchSize: 2, sequenceLength: 3);

        Assert.Equal((InputKind.Symbols, 6, 6), (data.Input, data.InputSize, data.Outputs));
        Assert.Equal((LossKind.SoftmaxCrossEntropy, true), (data.NaturalLoss, data.CarriesState));
        Assert.Equal((3, 2, 2), (data.MaximumTime, data.BatchSize, data.TrainingRows(0)));
    }

    [Fact]
    public void Counts_characters_and_not_bytes()
    {
        var data = Data("a春😀é", sequenceLength: 3);
        var batch = Batches.For(data);
        data.FillTraining(batch, 0, [0]);

        Assert.Equal(4, data.TrainingCharacters);
        Assert.Equal("a春😀|春😀é", Row(data, batch, 0));
    }

    [Fact]
    public void Drops_a_byte_order_mark_at_the_start_only_and_keeps_line_breaks()
    {
        var data = Data("\uFEFFa\r\n\uFEFFb", sequenceLength: 4);

        Assert.Equal("\n\rab\uFEFF", data.Vocabulary.Characters);
        Assert.Equal(5, data.TrainingCharacters);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Reads_the_same_from_a_stream_that_cuts_characters(int pieceLength)
    {
        const string Text = "\uFEFFa春é😀b\n春春😀😀é";
        var bytes = Encoding.UTF8.GetBytes(Text);
        var whole = new TextData(bytes, 1, 10, 0);
        var pieces = new TextData(new PiecewiseStream(bytes, pieceLength), 1, 10, 0);
        var (expected, actual) = (Batches.For(whole), Batches.For(pieces));
        whole.FillTraining(expected, 0, [0]);
        pieces.FillTraining(actual, 0, [0]);

        Assert.Equal(whole.Vocabulary.Characters, pieces.Vocabulary.Characters);
        Assert.Equal(expected.Symbols.ToArray(), actual.Symbols.ToArray());
        Assert.Equal(Text[1..^1] + "|" + Text[2..], Row(pieces, actual, 0));
    }

    [Fact]
    public void Keeps_every_character_of_a_text_of_many_chunks()
    {
        var letters = string.Concat(Enumerable.Range(0, 300_007).Select(i => Alphabet[(int)((i * 7919L) % 26)]));
        var data = Data(letters, batchSize: 7, sequenceLength: 100);
        var batch = Batches.For(data);
        var stream = letters.Length / 7;

        for (var step = 0; step < data.WindowsPerPass; step += 11)
        {
            data.FillTraining(batch, step, [0, 6]);

            var first = (6 * stream) + (step * 100);
            Assert.Equal(letters.Substring(step * 100, 100) + "|" + letters.Substring((step * 100) + 1, 100), Row(data, batch, 0));
            Assert.Equal(letters.Substring(first, 100) + "|" + letters.Substring(first + 1, 100), Row(data, batch, 1));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xFF, 0x62 }, "no character starts at byte offset 1 (bytes 0xFF62).")]
    [InlineData(new byte[] { 0xC3, 0xA9, 0xE6, 0x98 }, "no character starts at byte offset 2 (bytes 0xE698).")]
    [InlineData(new byte[] { 0x61, 0xED, 0xA0, 0x80 }, "no character starts at byte offset 1 (bytes 0xEDA080).")]
    [InlineData(new byte[] { 0xC0, 0xAF }, "no character starts at byte offset 0 (bytes 0xC0AF).")]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80, 0x61 }, "no character starts at byte offset 0 (bytes 0xF4908080).")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x80 }, "no character starts at byte offset 3 (bytes 0x80).")]
    public void Names_the_place_of_bytes_that_are_not_UTF_8(byte[] text, string message)
    {
        var refused = Assert.Throws<InvalidTextException>(() => new TextData(text, 1, 1, 0));

        Assert.Equal($"The text is not valid UTF-8: {message}", refused.Message);
    }

    [Theory]
    [InlineData(129, 0.0, "The text has 129 characters to train on; batch_size 2 and sequence_length 64 need at least 130, which is batch_size × (sequence_length + 1).")]
    [InlineData(140, 0.1, "The text has 126 characters to train on (14 more are kept for validation); batch_size 2 and sequence_length 64 need at least 130, which is batch_size × (sequence_length + 1).")]
    [InlineData(400, 0.16, "validation_fraction 0.16 leaves 64 of 400 characters for validation; sequence_length 64 needs at least 65. Raise it, or set it to 0 for no validation.")]
    [InlineData(0, 0.0, "The text is empty; it needs at least one character.")]
    public void Says_how_much_text_is_needed(int length, double fraction, string message)
    {
        var refused = Assert.Throws<InvalidTextException>(
            () => Data(new string('a', length), batchSize: 2, sequenceLength: 64, fraction));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void Is_content_with_exactly_enough_text()
    {
        var data = Data(new string('a', 130 + 65), batchSize: 2, sequenceLength: 64, validationFraction: 65.5 / 195);

        Assert.Equal((1, 1, 1), (data.WindowsPerPass, data.ValidationBatches, data.ValidationRows(0)));
    }

    [Fact]
    public void Refuses_more_different_characters_than_a_vocabulary_may_have()
    {
        var text = new StringBuilder();
        foreach (var codePoint in Enumerable.Range(0x10000, Vocabulary.Limit))
        {
            text.Append(new Rune(codePoint));
        }

        Assert.Equal(Vocabulary.Limit, Data(text.ToString()).Vocabulary.Count);
        var refused = Assert.Throws<InvalidTextException>(() => Data(text + "a"));
        Assert.Equal(
            "The text has more than 65536 different characters, the most a vocabulary may have; the next one stands at byte offset 262144.",
            refused.Message);
    }

    [Fact]
    public void Refuses_rows_steps_and_batches_that_do_not_exist()
    {
        var data = Data(Alphabet, batchSize: 2, sequenceLength: 4, validationFraction: 0.4);
        var batch = Batches.For(data);

        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillTraining(batch, 0, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillTraining(batch, 0, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillTraining(batch, -1, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillValidation(batch, data.ValidationBatches, [0]));
        Assert.Throws<ArgumentException>(() => data.FillTraining(Batches.For(Data("abab")), 0, [0]));
    }

    [Fact]
    public void Fills_without_allocating() =>
        Assert.Equal(0, Batches.AllocatedBy(Data(Alphabet, batchSize: 2, sequenceLength: 4, validationFraction: 0.4)));
}
