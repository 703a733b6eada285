using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>Rules B1–B5 and B7: one definition, any width, any company of rows, any split of the tree.</summary>
public sealed class NetworkEngineBitTests
{
    private static readonly LaneBlock[] Whole = [new(0, 4)];

    public static TheoryData<int> Units => [1, 5, 16, 17, 33];

    private static LaneRows[] LanesOf(int rows) => rows switch
    {
        1 => Sample.Lanes(0, 0, 1, 0),
        3 => Sample.Lanes(2, 0, 1, 0),
        _ => Sample.Lanes(rows - 6, 1, 0, 5),
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void Gives_the_bits_of_the_definition_at_every_width_and_odd_shape(int units)
    {
        var shapes = new[] { (1, 1), (2, 3), (7, 8), (3, 13) };
        var index = 0;
        foreach (var spec in (IEnumerable<NetworkSpec>)[.. Sample.Specs(units), .. Sample.Heads(units), .. Sample.Heads(units)])
        {
            var (time, rows) = shapes[index++ % shapes.Length];
            var sample = new Sample(spec, time, rows, seed: index, padded: index % 2 == 0);
            var expected = sample.Run(width: null, LanesOf(rows), Whole);
            foreach (var width in VectorWidths.All)
            {
                Sample.Result.AssertEqual(expected, sample.Run(width, LanesOf(rows), Whole), $"{spec} at {width}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(13)]
    public void Gives_the_bits_of_the_definition_for_every_time_and_number_of_rows(int rows)
    {
        for (var time = 1; time <= 7; time++)
        {
            var sample = new Sample(Sample.Lstm(17, inputs: 4, outputs: 3), time, rows, seed: time);
            var expected = sample.Run(width: null, LanesOf(rows), Whole);
            foreach (var width in VectorWidths.All)
            {
                Sample.Result.AssertEqual(expected, sample.Run(width, LanesOf(rows), Whole), $"T {time} at {width}");
            }
        }
    }

    [Fact]
    public void Gives_the_same_gradient_bits_for_a_block_as_for_the_fold_of_its_halves()
    {
        foreach (var spec in Sample.Specs(units: 20).Concat(Sample.Heads(units: 20)))
        {
            var sample = new Sample(spec, time: 5, rows: 13);
            var lanes = Sample.EvenLanes(8, 13);
            var parts = sample.Run(VectorWidths.Widest, lanes, [new(0, 8), new(0, 4), new(4, 2), new(6, 1), new(7, 1)]).Gradients;

            LaneTree.Add(parts[3].AsSpan(), parts[4]);
            LaneTree.Add(parts[2].AsSpan(), parts[3]);
            LaneTree.Add(parts[1].AsSpan(), parts[2]);

            Sample.Result.AssertBits(parts[0], parts[1], $"{spec}");
        }
    }

    [Fact]
    public void Keeps_a_row_apart_from_the_rows_beside_it_and_folds_any_split_to_the_same_root()
    {
        foreach (var spec in Sample.Specs(units: 20).Concat(Sample.Heads(units: 20)))
        {
            var whole = new Sample(spec, time: 4, rows: 12);
            var lanes = Sample.Lanes(3, 3, 3, 3);
            var expected = whole.Run(VectorWidths.Widest, lanes, new LaneBlock(0, 4));
            foreach (var split in new[] { 1, 2, 3 })
            {
                var left = whole.Part(0, 4, 0, split * 3);
                var right = whole.Part(0, 4, split * 3, 12 - (split * 3));
                var leftLanes = lanes[..split];
                var rightLanes = lanes[split..].Select(lane => lane with { FirstRow = lane.FirstRow - (split * 3) }).ToArray();

                // A worker folds what it owns: aligned blocks; the lanes of others are not its own.
                var leftResult = left.Run(VectorWidths.Widest, leftLanes, [.. LaneTree.Blocks([.. leftLanes.Select(lane => lane.Lane)])]);
                var rightResult = right.Run(VectorWidths.Widest, rightLanes, [.. LaneTree.Blocks([.. rightLanes.Select(lane => lane.Lane)])]);

                Assert.Equal(expected.Sums, leftResult.Sums.Concat(rightResult.Sums));
                Sample.Result.AssertBits(expected.State, [.. leftResult.State, .. rightResult.State], $"state of {spec}");
                Sample.Result.AssertBits(expected.Gradients[0], Root([.. leftResult.Gradients, .. rightResult.Gradients], split), $"{spec}");
            }
        }
    }

    [Fact]
    public void Carries_state_so_that_six_steps_equal_three_and_three()
    {
        foreach (var spec in Sample.Specs(units: 20))
        {
            var whole = new Sample(spec, time: 6, rows: 5);
            var lanes = Sample.Lanes(2, 3);
            var expected = whole.Run(VectorWidths.Widest, lanes);

            var first = whole.Part(0, 3, 0, 5).Run(VectorWidths.Widest, lanes);
            var second = whole.Part(3, 3, 0, 5, first.State).Run(VectorWidths.Widest, lanes);

            Sample.Result.AssertBits(expected.Outputs, [.. first.Outputs, .. second.Outputs], $"{spec}");
            Sample.Result.AssertBits(expected.State, second.State, $"state of {spec}");
        }
    }

    [Fact]
    public void Leaves_nothing_behind_for_the_next_call_on_the_same_engine()
    {
        foreach (var spec in Sample.Specs(units: 20).Concat(Sample.Heads(units: 20)))
        {
            var large = new Sample(spec, time: 7, rows: 13, seed: 5);
            var small = large.Part(1, 2, 4, 3);
            var lanes = Sample.Lanes(2, 1);
            using var engine = large.Engine(VectorWidths.Widest);
            var expected = small.Run(width: null, lanes, new LaneBlock(0, 2));

            large.Run(engine, Sample.Lanes(13), new LaneBlock(0, 1));
            var actual = small.Run(engine, lanes, new LaneBlock(0, 2));

            Sample.Result.AssertEqual(expected, actual, $"{spec}");
        }
    }

    [Fact]
    public void Sees_new_weights_after_they_were_changed()
    {
        var sample = new Sample(Sample.Lstm(20), time: 3, rows: 4);
        var lanes = Sample.Lanes(4);
        using var engine = sample.Engine(VectorWidths.Widest);
        sample.Run(engine, lanes, new LaneBlock(0, 1));
        Sample.Fill(sample.Weights.Values, new Random(77), 0.5f);
        sample.Weights.Changed();

        var actual = sample.Run(engine, lanes, new LaneBlock(0, 1));

        Sample.Result.AssertEqual(sample.Run(width: null, lanes, new LaneBlock(0, 1)), actual, "the second version");
    }

    [Fact]
    public void Gives_zeros_for_a_batch_without_rows_and_for_lanes_that_are_empty()
    {
        foreach (var spec in Sample.Specs(units: 5).Concat(Sample.Heads(units: 5)))
        {
            var empty = new Sample(spec, time: 2, rows: 4).Part(0, 2, 0, 0);

            var result = empty.Run(VectorWidths.Widest, Sample.Lanes(0, 0), new LaneBlock(0, 2), new LaneBlock(4, 4));

            Assert.All(result.Gradients, gradient => Sample.Result.AssertBits(new float[gradient.Length], gradient, $"{spec}"));
            Assert.All(result.Sums, sum => Assert.Equal(default, sum));
        }
    }

    /// <summary>The root of four lanes from the gradients of a split after <paramref name="split"/> lanes.</summary>
    private static float[] Root(float[][] blocks, int split)
    {
        // Blocks ascend: 1|3 gives [0] [1] [2,4), 2|2 gives [0,2) [2,4), 3|1 gives [0,2) [2] [3].
        if (split == 1)
        {
            LaneTree.Add(blocks[0].AsSpan(), blocks[1]);
            LaneTree.Add(blocks[0].AsSpan(), blocks[2]);
        }
        else if (split == 2)
        {
            LaneTree.Add(blocks[0].AsSpan(), blocks[1]);
        }
        else
        {
            LaneTree.Add(blocks[1].AsSpan(), blocks[2]);
            LaneTree.Add(blocks[0].AsSpan(), blocks[1]);
        }

        return blocks[0];
    }
}
