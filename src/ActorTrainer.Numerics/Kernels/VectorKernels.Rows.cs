using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

public static unsafe partial class VectorKernels
{
    /// <summary>The sum of a row by B7; +0 for an empty one.</summary>
    public static float Sum(ReadOnlySpan<float> x, VectorWidth? width = null)
    {
        fixed (float* row = x)
        {
            return (width ?? VectorWidths.Widest) switch
            {
                VectorWidth.Bits512 => RowLoop<V512>.Sum(row, x.Length),
                VectorWidth.Bits256 => RowLoop<V256>.Sum(row, x.Length),
                _ => RowLoop<V128>.Sum(row, x.Length),
            };
        }
    }

    /// <summary>The largest element of a row; −∞ for an empty one. NaN is passed over.</summary>
    public static float Max(ReadOnlySpan<float> x, VectorWidth? width = null)
    {
        fixed (float* row = x)
        {
            return (width ?? VectorWidths.Widest) switch
            {
                VectorWidth.Bits512 => RowLoop<V512>.Max(row, x.Length),
                VectorWidth.Bits256 => RowLoop<V256>.Max(row, x.Length),
                _ => RowLoop<V128>.Max(row, x.Length),
            };
        }
    }

    /// <summary>
    /// result[i] = e^(x[i] − shift), and their sum by B7: with the row's maximum as the shift, the
    /// numerators and the denominator of softmax, whatever the size of the logits.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float ExpSum(ReadOnlySpan<float> x, float shift, Span<float> result, VectorWidth? width = null)
    {
        Shape.RequireSameLength(x.Length, result.Length, nameof(x), nameof(result));
        fixed (float* row = x, to = result)
        {
            return (width ?? VectorWidths.Widest) switch
            {
                VectorWidth.Bits512 => RowLoop<V512>.ExpSum(row, shift, to, x.Length),
                VectorWidth.Bits256 => RowLoop<V256>.ExpSum(row, shift, to, x.Length),
                _ => RowLoop<V128>.ExpSum(row, shift, to, x.Length),
            };
        }
    }

    /// <summary>Σ x[i]² in double by B7; +0 for an empty row.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x, VectorWidth? width = null)
    {
        fixed (float* row = x)
        {
            return (width ?? VectorWidths.Widest) switch
            {
                VectorWidth.Bits512 => RowLoop<V512>.SumOfSquares(row, x.Length),
                VectorWidth.Bits256 => RowLoop<V256>.SumOfSquares(row, x.Length),
                _ => RowLoop<V128>.SumOfSquares(row, x.Length),
            };
        }
    }
}
