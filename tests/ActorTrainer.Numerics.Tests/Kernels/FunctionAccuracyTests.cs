using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Tests.Kernels;

/// <summary>The published error bounds, over one in 1009 of all floats and every float of some critical stretches.</summary>
public sealed class FunctionAccuracyTests
{
    private const int Stride = 1009;

    private delegate void Kernel(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width);

    [Fact]
    public void Exp_stays_within_its_bound() =>
        Check(VectorKernels.Exp, Math.Exp, ScalarKernels.ExpError, -110f, 95f);

    [Fact]
    public void Sigmoid_stays_within_its_bound() =>
        Check(VectorKernels.Sigmoid, x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)), ScalarKernels.SigmoidError, -110f, 110f);

    [Fact]
    public void Tanh_stays_within_its_bound() =>
        Check(VectorKernels.Tanh, Math.Tanh, ScalarKernels.TanhError, -20f, 20f);

    [Fact]
    public void Log_stays_within_its_bound() =>
        Check(VectorKernels.Log, Math.Log, ScalarKernels.LogError, float.Epsilon, float.MaxValue);

    [Fact]
    public void Large_arguments_saturate()
    {
        Assert.Equal(float.PositiveInfinity, ScalarKernels.Exp(1e4f));
        Assert.Equal(float.PositiveInfinity, ScalarKernels.Exp(float.PositiveInfinity));
        Assert.Equal(0f, ScalarKernels.Exp(-1e4f));
        Assert.Equal(0f, ScalarKernels.Exp(float.NegativeInfinity));
        Assert.Equal(1f, ScalarKernels.Exp(0f));
        Assert.Equal(1f, ScalarKernels.Sigmoid(1e4f));
        Assert.Equal(0f, ScalarKernels.Sigmoid(-1e4f));
        Assert.Equal(0.5f, ScalarKernels.Sigmoid(0f));
        Assert.Equal(1f, ScalarKernels.Tanh(1e4f));
        Assert.Equal(-1f, ScalarKernels.Tanh(float.NegativeInfinity));
        Assert.True(float.IsNegative(ScalarKernels.Tanh(-0f)));
    }

    [Fact]
    public void Not_a_number_stays_so()
    {
        Assert.True(float.IsNaN(ScalarKernels.Exp(float.NaN)));
        Assert.True(float.IsNaN(ScalarKernels.Sigmoid(float.NaN)));
        Assert.True(float.IsNaN(ScalarKernels.Tanh(float.NaN)));
        Assert.True(float.IsNaN(ScalarKernels.Log(float.NaN)));
        Assert.True(float.IsNaN(ScalarKernels.Log(-1f)));
        Assert.Equal(float.NegativeInfinity, ScalarKernels.Log(0f));
        Assert.Equal(float.PositiveInfinity, ScalarKernels.Log(float.PositiveInfinity));
        Assert.Equal(0f, ScalarKernels.Log(1f));
    }

    private static void Check(Kernel kernel, Func<double, double> exact, double bound, float low, float high)
    {
        var batch = new float[4096];
        var results = new float[batch.Length];
        var (worst, worstAt) = (0d, 0f);
        var filled = 0;
        foreach (var x in Arguments().Where(x => x >= low && x <= high))
        {
            batch[filled++] = x;
            if (filled == batch.Length)
            {
                Measure();
            }
        }

        Measure();
        Assert.True(worst <= bound, $"{worst:F3} units of the last place at {worstAt:R}; at most {bound} were promised");
        Assert.True(worst > bound / 3, $"{worst:F3} units of the last place: the promise of {bound} is idle");

        void Measure()
        {
            kernel(batch.AsSpan(0, filled), results.AsSpan(0, filled), null);
            for (var i = 0; i < filled; i++)
            {
                var error = UnitsOfLastPlace(results[i], exact(batch[i]));
                if (error > worst)
                {
                    (worst, worstAt) = (error, batch[i]);
                }
            }

            filled = 0;
        }
    }

    private static IEnumerable<float> Arguments()
    {
        for (var bits = 0L; bits <= uint.MaxValue; bits += Stride)
        {
            var x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (float.IsFinite(x))
            {
                yield return x;
            }
        }

        // Every float around 1, and around the seam of tanh.
        foreach (var centre in (float[])[1f, 0.55f, -0.55f, -87.33f, 0.7071068f])
        {
            var from = BitConverter.SingleToInt32Bits(centre) - 50_000;
            for (var i = 0; i < 100_000; i++)
            {
                yield return BitConverter.Int32BitsToSingle(from + i);
            }
        }
    }

    private static double UnitsOfLastPlace(float found, double exact)
    {
        var rounded = (float)exact;
        if (float.IsInfinity(rounded) || float.IsInfinity(found))
        {
            return found == rounded ? 0 : Math.Abs(exact) > 3.4028e38 ? 0.5 : double.PositiveInfinity;
        }

        var exponent = Math.Max(exact == 0 ? -149 : Math.ILogB(exact) - 23, -149);
        return Math.Abs(found - exact) / Math.ScaleB(1, exponent);
    }
}
