namespace ActorTrainer.Numerics.Kernels;

public static partial class ScalarKernels
{
    /// <summary>Accumulators of a reduction inside a row (B7).</summary>
    public const int Accumulators = 16;

    /// <inheritdoc cref="VectorKernels.Sum"/>
    public static float Sum(ReadOnlySpan<float> x)
    {
        Span<float> sums = stackalloc float[Accumulators];
        sums.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            sums[i % Accumulators] += x[i];
        }

        return Halve(sums);
    }

    /// <inheritdoc cref="VectorKernels.Max"/>
    public static float Max(ReadOnlySpan<float> x)
    {
        Span<float> largest = stackalloc float[Accumulators];
        largest.Fill(float.NegativeInfinity);
        for (var i = 0; i < x.Length; i++)
        {
            largest[i % Accumulators] = Larger(x[i], largest[i % Accumulators]);
        }

        for (var half = Accumulators / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                largest[i] = Larger(largest[i + half], largest[i]);
            }
        }

        return largest[0];
    }

    /// <inheritdoc cref="VectorKernels.ExpSum"/>
    public static float ExpSum(ReadOnlySpan<float> x, float shift, Span<float> result)
    {
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = Exp(x[i] - shift);
        }

        return Sum(result);
    }

    /// <inheritdoc cref="VectorKernels.SumOfSquares"/>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        Span<double> sums = stackalloc double[Accumulators];
        sums.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            // The product of two floats is exact in double, so fused or not is the same.
            sums[i % Accumulators] += (double)x[i] * x[i];
        }

        return Halve(sums);
    }

    /// <summary>a &gt; b ? a : b, the maximum of B7: a NaN in a is not taken.</summary>
    internal static float Larger(float a, float b) => a > b ? a : b;

    internal static float Halve(Span<float> sums)
    {
        for (var half = Accumulators / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }

    internal static double Halve(Span<double> sums)
    {
        for (var half = Accumulators / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }
}
