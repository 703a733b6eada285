using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Tests.Products;

public sealed unsafe class ScatterGradientTests
{
    private const int Rows = LaneGradients.Rows;

    [Fact]
    public void Looked_up_rows_are_summed_by_the_rules_at_every_width()
    {
        foreach (var order in (ColumnOrder[])[ColumnOrder.Natural(1), ColumnOrder.Natural(37), ColumnOrder.Natural(64), ColumnOrder.Interleaved(4, 5)])
        {
            Check<V512>(3, 5, order, new(0, 8));
            Check<V256>(3, 5, order, new(0, 8));
            Check<V128>(3, 50, order, new(4, 4));
        }
    }

    [Fact]
    public void A_symbol_outside_the_table_is_refused()
    {
        using var workspace = new ScatterWorkspace(1, 2, 3, 1);

        var refused = Assert.Throws<ArgumentException>(() => ScatterGradient<V512>.Compute(
            [0, 3], 2, 3, default, ColumnOrder.Natural(1), 1, [new(0, 0, 2)], new(0, 1), null, 1, workspace));

        Assert.StartsWith("symbol 3 is not below 3", refused.Message);
    }

    private static void Check<TVector>(int time, int symbolCount, ColumnOrder order, LaneBlock block)
        where TVector : unmanaged, IVector<TVector>
    {
        var random = new Random(symbolCount);
        var symbols = Enumerable.Range(0, time * Rows).Select(_ => random.Next(symbolCount)).ToArray();
        var ldd = order.Columns + 1;
        var d = Bits.Small(symbolCount, time * Rows * ldd);
        var dense = order.DenseColumns;
        var weights = Enumerable.Repeat(float.NaN, symbolCount * dense).ToArray();
        using var workspace = new ScatterWorkspace(time, Rows, symbolCount, 8);
        fixed (float* right = d, to = weights)
        {
            ScatterGradient<TVector>.Compute(
                symbols, Rows, symbolCount, new(right, ldd, Rows * ldd), order, time, LaneGradients.Uneven, block, to, dense, workspace);
        }

        for (var symbol = 0; symbol < symbolCount; symbol++)
        {
            for (var column = 0; column < order.Columns; column++)
            {
                if (order.Sources[column] < 0)
                {
                    continue;
                }

                var expected = LaneGradients.Sum(block, LaneGradients.Uneven, time, (t, row, sum) =>
                    symbols[(t * Rows) + row] == symbol ? sum + d[(((t * Rows) + row) * ldd) + column] : sum);
                var actual = weights[(symbol * dense) + order.Sources[column]];
                Assert.True(Bits.Same(expected, actual), $"symbol {symbol}, column {column}: {actual:R}, should be {expected:R}");
            }
        }
    }
}
