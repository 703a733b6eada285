using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class DropoutTests
{
    private const int Units = 45;

    /// <summary>Outputs are what dropout leaves of features of ones: 0, or 1 / keep.</summary>
    private static Sample Ones(double keep, int time, int rows, Head head = Head.EveryStep, int layer = 0)
    {
        LayerSpec[] layers = [.. Enumerable.Repeat(new LayerSpec.Dropout(1), layer), new LayerSpec.Dropout(keep)];
        var spec = new NetworkSpec(InputKind.Features, Units, [.. layers], LossKind.MeanSquaredError, Units, Sample.Any)
        {
            Head = head,
        };
        var sample = new Sample(spec, time, rows);
        sample.Weights.Values.Clear();
        for (var i = 0; i < Units; i++)
        {
            sample.Weights.Values[(i * Units) + i] = 1f;
        }

        sample.Weights.Changed();
        sample.Batch.Features.Fill(1f);
        Identify(sample, seed: 5, step: 3, firstRow: 0);
        return sample;
    }

    private static void Identify(Sample sample, uint seed, long step, int firstRow) =>
        sample.Batch.Identify(seed, step, [.. Enumerable.Range(firstRow, sample.Batch.Rows)]);

    private static float[] Train(Sample sample, VectorWidth? width = VectorWidth.Bits256) =>
        sample.Run(width, Sample.Lanes(sample.Batch.Rows), new LaneBlock(0, 1)).Outputs;

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.999)]
    public void Keeps_the_share_it_says_and_scales_what_it_keeps(double keep)
    {
        var outputs = Train(Ones(keep, time: 40, rows: 50));

        var kept = outputs.Count(value => value != 0);
        var deviation = Math.Sqrt(outputs.Length * keep * (1 - keep));
        Assert.InRange(kept, (outputs.Length * keep) - (4 * deviation), (outputs.Length * keep) + (4 * deviation));
        Assert.All(outputs, value => Assert.True(value == 0f || value == (float)(1 / keep), $"{value}"));
    }

    [Fact]
    public void Is_another_for_every_step_row_position_unit_layer_and_seed()
    {
        const double Keep = 0.5;
        var sample = Ones(Keep, time: 2, rows: 2);
        var first = Train(sample);
        var rows = first.Chunk(Units).ToList();
        Assert.Equal(4, rows.Select(row => string.Join(' ', row)).Distinct().Count());
        Assert.Contains(rows.SelectMany(row => row.Skip(4).Zip(row)), pair => pair.First != pair.Second);

        Identify(sample, seed: 5, step: 4, firstRow: 0);
        Assert.NotEqual(first, Train(sample));
        Identify(sample, seed: 5, step: 3 + (1L << 32), firstRow: 0);
        Assert.NotEqual(first, Train(sample));
        Identify(sample, seed: 6, step: 3, firstRow: 0);
        Assert.NotEqual(first, Train(sample));
        Assert.NotEqual(first, Train(Ones(Keep, time: 2, rows: 2, layer: 1)));
        Identify(sample, seed: 5, step: 3, firstRow: 0);
        Assert.Equal(first, Train(sample));
    }

    [Fact]
    public void Depends_on_the_global_row_and_not_on_the_company_or_the_lanes()
    {
        var all = Ones(0.5, time: 3, rows: 6);
        var some = Ones(0.5, time: 3, rows: 2);
        Identify(some, seed: 5, step: 3, firstRow: 4);
        var whole = Train(all).Chunk(Units).ToArray();
        var lanes = all.Run(VectorWidths.Widest, Sample.Lanes(1, 0, 5, 0), new LaneBlock(0, 4)).Outputs;
        var part = Train(some).Chunk(Units).ToArray();

        Assert.Equal(whole.SelectMany(row => row), lanes);
        for (var item = 0; item < part.Length; item++)
        {
            Assert.Equal(whole[(item / 2 * 6) + 4 + (item % 2)], part[item]);
        }
    }

    [Fact]
    public void At_the_last_step_has_the_position_of_the_rows_last_valid_step()
    {
        var everywhere = Train(Ones(0.5, time: 4, rows: 3)).Chunk(Units).ToArray();
        var last = Ones(0.5, time: 4, rows: 3, Head.LastStep);
        int[] lengths = [2, 4, 1];
        lengths.CopyTo(last.Batch.Lengths);

        var rows = Train(last).Chunk(Units).ToArray();

        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(everywhere[((lengths[row] - 1) * 3) + row], rows[row]);
        }
    }

    [Fact]
    public void Does_nothing_in_evaluation()
    {
        foreach (var width in (VectorWidth?[])[null, .. VectorWidths.All])
        {
            Assert.All(Ones(0.5, time: 2, rows: 3).Run(width, Sample.Lanes(3)).Outputs, value => Assert.Equal(1f, value));
        }
    }

    [Fact]
    public void Needs_an_identified_batch_for_a_gradient_only()
    {
        var sample = Ones(0.5, time: 2, rows: 3);
        sample.Batch.Resize(2, 3);

        sample.Run(VectorWidths.Widest, Sample.Lanes(3));
        var fault = Assert.Throws<ArgumentException>(() => Train(sample));

        Assert.StartsWith("the batch does not say which rows of which step it holds", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_makes_no_sense()
    {
        Assert.StartsWith("layers[0].keep is 0; it must be above 0 and at most 1", Fault(InputKind.Features, 0), StringComparison.Ordinal);
        Assert.StartsWith("layers[0].keep is 1.1;", Fault(InputKind.Features, 1.1), StringComparison.Ordinal);
        Assert.StartsWith("layers[0].keep is NaN;", Fault(InputKind.Features, double.NaN), StringComparison.Ordinal);
        Assert.StartsWith("layers[0] is dropout over symbols;", Fault(InputKind.Symbols, 0.5), StringComparison.Ordinal);
    }

    private static string Fault(InputKind input, double keep) => Assert.Throws<ArgumentException>(() => new ModelLayout(
        new NetworkSpec(input, 3, [new LayerSpec.Dropout(keep)], LossKind.MeanSquaredError, 1, Sample.Any))).Message;
}
