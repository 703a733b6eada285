using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Tests.Products;

public sealed unsafe class WeightGradientTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 33)]
    [InlineData(2, 8, 32)]
    [InlineData(3, 17, 67)]
    [InlineData(1, 0, 40)]
    [InlineData(120, 130, 70)]
    [InlineData(50, 520, 33)]
    [InlineData(50, 0, 40)]
    public void Gradients_follow_the_rules_at_every_width(int time, int inputs, int columns)
    {
        Check<V512>(time, inputs, ColumnOrder.Natural(columns), LaneGradients.Uneven, new(0, 8));
        Check<V256>(time, inputs, ColumnOrder.Natural(columns), LaneGradients.Uneven, new(0, 8));
        Check<V128>(time, inputs, ColumnOrder.Natural(columns), LaneGradients.Uneven, new(0, 8));
    }

    [Fact]
    public void Each_aligned_block_is_summed_by_itself()
    {
        foreach (var block in (LaneBlock[])[new(0, 1), new(1, 1), new(3, 1), new(2, 2), new(4, 4), new(4, 2), new(8, 8)])
        {
            Check<V512>(2, 9, ColumnOrder.Natural(35), LaneGradients.Uneven, block);
        }
    }

    [Fact]
    public void Columns_return_from_their_working_order_to_their_dense_places()
    {
        Check<V512>(3, 10, ColumnOrder.Interleaved(4, 21), LaneGradients.Uneven, new(0, 8));
        Check<V256>(3, 10, ColumnOrder.Padded(45, 16), LaneGradients.Uneven, new(0, 8));
    }

    [Fact]
    public void Long_lanes_are_taken_in_pieces_without_moving_a_bit() =>
        Check<V512>(300, 20, ColumnOrder.Natural(200), [new(0, 0, 1), new(1, 1, 9)], new(0, 2));

    [Fact]
    public void Steps_of_many_rows_are_taken_in_chunks_without_moving_a_bit() =>
        Check<V512>(5, 19, ColumnOrder.Natural(40), [new(0, 0, 300), new(1, 300, 129)], new(0, 2), rows: 429);

    [Theory]
    [InlineData(1)]
    [InlineData(120)]
    public void Half_a_panel_is_computed_where_padding_fills_the_rest(int time)
    {
        Check<V512>(time, 10, ColumnOrder.Padded(65, 32), LaneGradients.Uneven, new(0, 8));
        Check<V256>(time, 10, ColumnOrder.Padded(65, 32), LaneGradients.Uneven, new(0, 8));
        Check<V128>(time, 10, ColumnOrder.Padded(65, 32), LaneGradients.Uneven, new(0, 8));
    }

    [Fact]
    public void Columns_of_more_than_one_group_move_no_bit() =>
        Check<V512>(50, 300, ColumnOrder.Natural(230), LaneGradients.Uneven, new(0, 8));

    [Fact]
    public void A_workspace_that_is_too_small_is_refused()
    {
        using var workspace = new GradientWorkspace(1, 2, 3, 1, VectorWidth.Bits512);

        var refused = Assert.Throws<ArgumentException>(() => WeightGradient<V512>.Compute(
            default, 3, default, ColumnOrder.Natural(1), 2, [new(0, 0, 2)], new(0, 1), null, 1, null, workspace));

        Assert.StartsWith("the workspace holds 2 rows of 3 inputs in 1 lanes; 4 of 3 in 1 were given", refused.Message);
    }

    private static void Check<TVector>(int time, int inputs, ColumnOrder order, LaneRows[] lanes, LaneBlock block, int rows = LaneGradients.Rows)
        where TVector : unmanaged, IVector<TVector>
    {
        var (lda, ldd, dense) = (inputs + 3, order.Columns + 1, order.DenseColumns);
        var x = Bits.Small(time + inputs, time * rows * lda);
        var d = Bits.Small(time + inputs + 1, time * rows * ldd);
        var weights = Enumerable.Repeat(float.NaN, inputs * (dense + 2)).ToArray();
        var bias = Enumerable.Repeat(float.NaN, dense).ToArray();
        using var workspace = new GradientWorkspace(time, rows, inputs, 8, TVector.Width);
        fixed (float* left = x, right = d, to = weights, toBias = bias)
        {
            WeightGradient<TVector>.Compute(
                new(left, lda, rows * lda), inputs, new(right, ldd, rows * ldd), order, time, lanes, block, to, dense + 2, toBias, workspace);
        }

        for (var column = 0; column < order.Columns; column++)
        {
            var j = order.Sources[column];
            if (j < 0)
            {
                continue;
            }

            float D(int t, int row) => d[(((t * rows) + row) * ldd) + column];
            Same(LaneGradients.Sum(block, lanes, time, (t, row, sum) => sum + D(t, row)), bias[j], $"bias {j}");
            for (var input = 0; input < inputs; input++)
            {
                var expected = LaneGradients.Sum(
                    block, lanes, time, (t, row, sum) => MathF.FusedMultiplyAdd(x[(((t * rows) + row) * lda) + input], D(t, row), sum));
                Same(expected, weights[(input * (dense + 2)) + j], $"weight {input}, {j}");
            }
        }
    }

    private static void Same(float expected, float actual, string what) =>
        Assert.True(Bits.Same(expected, actual), $"{what} is {actual:R} and should be {expected:R}");
}
