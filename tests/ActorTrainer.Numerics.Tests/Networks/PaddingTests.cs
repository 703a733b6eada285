using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>Padding adds nothing and moves nothing: neither the rows beside a row nor the batch's time touch its bits.</summary>
public sealed class PaddingTests
{
    private const int Time = 6;
    private const int Rows = 5;

    public static TheoryData<VectorWidth?> Engines => [null, .. VectorWidths.All];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_row_has_the_bits_it_has_alone_at_its_own_length(VectorWidth? width)
    {
        var lanes = Sample.Lanes(1, 1, 1, 1, 1);
        LaneBlock[] blocks = [.. lanes.Select(lane => new LaneBlock(lane.Lane, 1))];
        var index = 0;
        foreach (var spec in Sample.Specs(units: 17).Concat(Sample.Heads(units: 17)))
        {
            var batch = new Sample(spec, Time, Rows, seed: ++index, padded: true);
            var together = batch.Run(width, lanes, blocks);
            for (var row = 0; row < Rows; row++)
            {
                var what = $"row {row} of {spec}";
                var length = batch.Batch.Lengths[row];
                var alone = batch.Part(0, length, row, 1).Run(width, Sample.Lanes(1), new LaneBlock(0, 1));

                Assert.Equal(alone.Sums[0], together.Sums[row]);
                Sample.Result.AssertBits(alone.Gradients[0], together.Gradients[row], what);
                Sample.Result.AssertBits(alone.Outputs, [.. OutputsOf(together.Outputs, spec, row, length)], what);
                var carried = together.State[(row * batch.Layout.StateSize)..((row + 1) * batch.Layout.StateSize)];
                Sample.Result.AssertBits(length == Time ? alone.State : new float[carried.Length], carried, $"state of {what}");
            }
        }
    }

    [Fact]
    public void A_longer_batch_moves_no_bit_of_a_lane_of_several_rows()
    {
        foreach (var spec in Sample.Specs(units: 17).Concat(Sample.Heads(units: 17)))
        {
            var batch = new Sample(spec, Time, Rows, padded: true);
            batch.Batch.Lengths[0] = Time;
            foreach (ref var length in batch.Batch.Lengths[1..])
            {
                length = Math.Min(length, 3);
            }

            for (var item = Rows; item < batch.Batch.TargetWeights.Length; item++)
            {
                batch.Batch.TargetWeights[item] *= item / Rows < batch.Batch.Lengths[item % Rows] ? 1f : 0f;
            }

            var longer = batch.Run(VectorWidths.Widest, Sample.Lanes(1, 4), new LaneBlock(1, 1));
            var own = batch.Part(0, 3, 1, 4).Run(VectorWidths.Widest, [new LaneRows(1, 0, 4)], new LaneBlock(1, 1));

            Assert.Equal(own.Sums[0], longer.Sums[1]);
            Sample.Result.AssertBits(own.Gradients[0], longer.Gradients[0], $"{spec}");
        }
    }

    [Fact]
    public void Nothing_grows_in_the_padding()
    {
        // A relu that doubles its state at each step is infinite after 128.
        var spec = Sample.Elman(2) with { Layers = [new LayerSpec.Elman(2, Sample.Any) { Activation = Activation.Relu }] };
        var sample = new Sample(spec, time: 400, rows: 1);
        sample.Batch.Features.Clear();
        sample.Batch.Lengths[0] = 3;
        sample.Batch.TargetWeights[3..].Clear();
        sample.Batch.TargetWeights[..3].Fill(1f);
        sample.Weights.Values.Fill(2f);
        sample.Weights.Changed();
        sample.State.AsSpan().Fill(1f);

        var result = sample.Run(VectorWidths.Widest, Sample.Lanes(1), new LaneBlock(0, 1));

        Sample.Result.AssertEqual(sample.Run(width: null, Sample.Lanes(1), new LaneBlock(0, 1)), result, "padding");
        Assert.All(result.Gradients[0], element => Assert.True(float.IsFinite(element)));
    }

    [Fact]
    public void Names_a_length_or_a_target_that_cannot_be()
    {
        var sample = new Sample(Sample.Lstm(4), time: 3, rows: 2);
        sample.Batch.TargetWeights.Fill(1f);
        sample.Batch.Lengths[1] = 2;
        Assert.StartsWith("the target of row 1 at step 2 weighs 1; the row ends after 2 steps, so it must weigh 0", Fault(sample), StringComparison.Ordinal);
        sample.Batch.Lengths[1] = 0;
        Assert.StartsWith("row 1 has 0 valid steps; it must have 1 to 3", Fault(sample), StringComparison.Ordinal);
        sample.Batch.Lengths[1] = 4;
        Assert.StartsWith("row 1 has 4 valid steps; it must have 1 to 3", Fault(sample), StringComparison.Ordinal);
    }

    private static string Fault(Sample sample) =>
        Assert.Throws<ArgumentException>(() => sample.Run(VectorWidths.Widest, Sample.Lanes(2))).Message;

    private static IEnumerable<float> OutputsOf(float[] outputs, NetworkSpec spec, int row, int length)
    {
        var time = spec.Head == Head.LastStep ? 1 : length;
        return Enumerable.Range(0, time).SelectMany(t => outputs.Skip(((t * Rows) + row) * spec.Outputs).Take(spec.Outputs));
    }
}
