using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Tests.Products;

/// <summary>Rule B1, held to a scalar chain.</summary>
public sealed unsafe class ProductTests
{
    private const int Rows = 17;
    private const int Columns = 67;

    [Fact]
    public void Every_output_is_one_chain_at_512_bits() => CheckShapes<V512>();

    [Fact]
    public void Every_output_is_one_chain_at_256_bits() => CheckShapes<V256>();

    [Fact]
    public void Every_output_is_one_chain_at_128_bits() => CheckShapes<V128>();

    [Fact]
    public void Nothing_beyond_the_outputs_is_written()
    {
        var (a, b) = (Bits.Small(1, 9 * 11), Bits.Small(2, 11 * 37));
        using var packed = new PackedMatrix(11, 37);
        var c = Enumerable.Repeat(7f, 9 * 40).ToArray();
        fixed (float* left = a, right = b, result = c)
        {
            packed.Pack(right, 37);
            Products<V512>.Multiply(left, 11, 9, packed.All, result, 40, ProductStart.Zero);
        }

        for (var row = 0; row < 9; row++)
        {
            Assert.Equal([7f, 7f, 7f], c[((row * 40) + 37)..((row + 1) * 40)]);
        }
    }

    [Fact]
    public void A_chain_goes_on_over_parts_of_the_depth_and_panels_stand_alone()
    {
        const int Depth = 29;
        var (a, b, bias) = (Bits.Small(3, Rows * Depth), Bits.Small(4, Depth * Columns), Bits.Small(5, Columns));
        var expected = Chain(a, b, bias, Rows, Depth, Columns);
        using var packed = new PackedMatrix(Depth, Columns);
        var c = new float[Rows * Columns];
        fixed (float* left = a, right = b, start = bias, result = c)
        {
            packed.Pack(right, Columns, start);
            for (var panel = packed.Panels - 1; panel >= 0; panel--)
            {
                var slice = packed.Slice(panel, 1);
                var place = result + (panel * PackedMatrix.PanelWidth);
                Products<V256>.Multiply(left, Depth, Rows, slice.Rows(0, 13), place, Columns, ProductStart.Bias);
                Products<V512>.Multiply(left + 13, Depth, Rows, slice.Rows(13, Depth - 13), place, Columns, ProductStart.Continue);
            }
        }

        Bits.Equal(expected, c, "a product in parts");
    }

    [Fact]
    public void Interleaved_gates_have_the_bits_of_the_dense_product_and_padding_is_zero()
    {
        const int Units = 21;
        const int Depth = 19;
        const int Dense = 4 * Units;
        var order = ColumnOrder.Interleaved(4, Units);
        Assert.Equal(128, order.Columns);
        var (a, b, bias) = (Bits.Small(6, Rows * Depth), Bits.Small(7, Depth * Dense), Bits.Small(8, Dense));
        var expected = Chain(a, b, bias, Rows, Depth, Dense);
        using var packed = new PackedMatrix(Depth, order);
        var c = new float[Rows * order.Columns];
        fixed (float* left = a, right = b, start = bias, result = c)
        {
            packed.Pack(right, Dense, start);
            Products<V512>.Multiply(left, Depth, Rows, packed.All, result, order.Columns, ProductStart.Bias);
        }

        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < order.Columns; column++)
            {
                var source = order.Sources[column];
                var found = c[(row * order.Columns) + column];
                Assert.True(Bits.Same(source < 0 ? 0f : expected[(row * Dense) + source], found), $"row {row}, column {column}");
            }
        }

        Assert.Equal(Units + 3, order.Sources[19]);
        Assert.Equal(16, order.Sources[64]);
        Assert.Equal(-1, order.Sources[64 + 5]);
    }

    [Fact]
    public void The_transposed_product_runs_over_dense_columns_ascending_whatever_their_order()
    {
        const int Units = 21;
        const int Inputs = 35;
        const int Dense = 4 * Units;
        var order = ColumnOrder.Interleaved(4, Units);
        var (weights, d) = (Bits.Small(9, Inputs * Dense), Bits.Small(10, Rows * Dense));
        var interleaved = new float[Rows * order.Columns];
        var transposed = new float[Dense * Inputs];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < order.Columns; column++)
            {
                // What stands in the padding must not matter.
                interleaved[(row * order.Columns) + column] =
                    order.Sources[column] < 0 ? float.NaN : d[(row * Dense) + order.Sources[column]];
            }
        }

        for (var i = 0; i < Inputs; i++)
        {
            for (var j = 0; j < Dense; j++)
            {
                transposed[(j * Inputs) + i] = weights[(i * Dense) + j];
            }
        }

        var expected = Chain(d, transposed, new float[Inputs], Rows, Dense, Inputs);
        using var packed = new PackedMatrix(Dense, ColumnOrder.Natural(Inputs), DepthSegment.Ascending(order));
        var c = new float[Rows * Inputs];
        fixed (float* left = interleaved, right = weights, result = c)
        {
            packed.PackTransposed(right, Dense);
            Products<V512>.Multiply(left, order.Columns, Rows, packed.All, result, Inputs, ProductStart.Zero);
        }

        Bits.Equal(expected, c, "the transposed product");
    }

    [Fact]
    public void Segments_that_do_not_fill_the_depth_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new PackedMatrix(5, ColumnOrder.Natural(3), [new DepthSegment(0, 4)]));

        Assert.StartsWith("the segments hold 4 columns and the depth is 5", refused.Message);
    }

    private static void CheckShapes<TVector>()
        where TVector : unmanaged, IVector<TVector>
    {
        foreach (var depth in (int[])[0, 1, 2, 3, 7, 16, 31, 67])
        {
            var (a, b, bias) = (Bits.Small(depth, Rows * depth), Bits.Small(depth + 100, depth * Columns), Bits.Small(depth + 200, Columns));
            var fromZero = Chain(a, b, new float[Columns], Rows, depth, Columns);
            var fromBias = Chain(a, b, bias, Rows, depth, Columns);

            // Rows and columns are independent, so every smaller shape is a corner of the largest.
            for (var columns = 1; columns <= Columns; columns++)
            {
                using var packed = new PackedMatrix(depth, columns);
                fixed (float* right = b, start = bias)
                {
                    packed.Pack(right, Columns, start);
                }

                for (var rows = 1; rows <= Rows; rows++)
                {
                    CheckShape<TVector>(a, depth, rows, packed, columns, ProductStart.Zero, fromZero);
                    CheckShape<TVector>(a, depth, rows, packed, columns, ProductStart.Bias, fromBias);
                    CheckShape<TVector>(a, depth, rows, packed, columns, ProductStart.Continue, fromBias, bias);
                }
            }
        }
    }

    private static void CheckShape<TVector>(
        float[] a, int depth, int rows, PackedMatrix packed, int columns, ProductStart start, float[] expected, float[]? held = null)
        where TVector : unmanaged, IVector<TVector>
    {
        var stride = columns + (rows % 3);
        var c = new float[rows * stride];
        for (var row = 0; held != null && row < rows; row++)
        {
            held.AsSpan(0, columns).CopyTo(c.AsSpan(row * stride));
        }

        fixed (float* left = a, result = c)
        {
            Products<TVector>.Multiply(left, depth, rows, packed.All, result, stride, start);
        }

        for (var row = 0; row < rows; row++)
        {
            Bits.Equal(
                expected.AsSpan(row * Columns, columns),
                c.AsSpan(row * stride, columns),
                $"row {row} of {rows} × {depth} × {columns} from {start}");
        }
    }

    private static float[] Chain(float[] a, float[] b, float[] bias, int rows, int depth, int columns)
    {
        var c = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = bias[column];
                for (var k = 0; k < depth; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(row * depth) + k], b[(k * columns) + column], sum);
                }

                c[(row * columns) + column] = sum;
            }
        }

        return c;
    }
}
