using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>
/// Element-wise kernels over spans. Each equals its twin in <see cref="ScalarKernels"/> bit for bit at
/// every width; the width is the machine's widest unless one is named. A result may be the same span as
/// an argument; spans must not overlap otherwise.
/// </summary>
public static unsafe partial class VectorKernels
{
    /// <summary>result[i] = x[i] + y[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth? width = null) =>
        Zip(default(AddFunction), x, y, result, width);

    /// <summary>y[i] = fma(a, x[i], y[i]) (BLAS axpy, rounded once).</summary>
    /// <param name="x">[n] addend.</param>
    /// <param name="a">Scale of <paramref name="x"/>.</param>
    /// <param name="y">[n] accumulated into.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(ReadOnlySpan<float> x, float a, Span<float> y, VectorWidth? width = null) =>
        Zip(new AddScaledFunction(a), x, y, y, width);

    /// <summary>result[i] = x[i] · y[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth? width = null) =>
        Zip(default(MultiplyFunction), x, y, result, width);

    /// <summary>result[i] = a · x[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Scale(ReadOnlySpan<float> x, float a, Span<float> result, VectorWidth? width = null) =>
        Map(new ScaleFunction(a), x, result, width);

    /// <summary>result[i] = e^x[i]; see <see cref="ScalarKernels.Exp(float)"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width = null) =>
        Map(default(ExpFunction), x, result, width);

    /// <summary>result[i] = 1 / (1 + e^−x[i]); see <see cref="ScalarKernels.Sigmoid(float)"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width = null) =>
        Map(default(SigmoidFunction), x, result, width);

    /// <summary>result[i] = tanh x[i]; see <see cref="ScalarKernels.Tanh(float)"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width = null) =>
        Map(default(TanhFunction), x, result, width);

    /// <summary>result[i] = ln x[i]; see <see cref="ScalarKernels.Log(float)"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width = null) =>
        Map(default(LogFunction), x, result, width);

    /// <summary>result[i] = x[i] &lt; 0 ? +0 : x[i]; NaN and −0 stay.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Relu(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width = null) =>
        Map(default(ReluFunction), x, result, width);

    /// <summary>Back through y = σ(x): result[i] = gradient[i] · fma(−y[i], y[i], y[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SigmoidGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result, VectorWidth? width = null) =>
        Zip(default(SigmoidGradientFunction), y, gradient, result, width);

    /// <summary>Back through y = tanh(x): result[i] = gradient[i] · fma(−y[i], y[i], 1).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void TanhGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result, VectorWidth? width = null) =>
        Zip(default(TanhGradientFunction), y, gradient, result, width);

    /// <summary>Back through y = relu(x): result[i] = y[i] &gt; 0 ? gradient[i] : +0.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ReluGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result, VectorWidth? width = null) =>
        Zip(default(ReluGradientFunction), y, gradient, result, width);

    private static void Map<TFunction>(TFunction function, ReadOnlySpan<float> x, Span<float> result, VectorWidth? width)
        where TFunction : struct, IElementFunction
    {
        Shape.RequireSameLength(x.Length, result.Length, nameof(x), nameof(result));
        fixed (float* from = x, to = result)
        {
            switch (width ?? VectorWidths.Widest)
            {
                case VectorWidth.Bits512:
                    ElementLoop<V512, TFunction>.Map(function, from, to, x.Length);
                    break;
                case VectorWidth.Bits256:
                    ElementLoop<V256, TFunction>.Map(function, from, to, x.Length);
                    break;
                default:
                    ElementLoop<V128, TFunction>.Map(function, from, to, x.Length);
                    break;
            }
        }
    }

    private static void Zip<TFunction>(
        TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth? width)
        where TFunction : struct, IElementFunction
    {
        Shape.RequireSameLength(x.Length, y.Length, nameof(x), nameof(y));
        Shape.RequireSameLength(x.Length, result.Length, nameof(x), nameof(result));
        fixed (float* left = x, right = y, to = result)
        {
            switch (width ?? VectorWidths.Widest)
            {
                case VectorWidth.Bits512:
                    ElementLoop<V512, TFunction>.Zip(function, left, right, to, x.Length);
                    break;
                case VectorWidth.Bits256:
                    ElementLoop<V256, TFunction>.Zip(function, left, right, to, x.Length);
                    break;
                default:
                    ElementLoop<V128, TFunction>.Zip(function, left, right, to, x.Length);
                    break;
            }
        }
    }
}
