namespace ActorTrainer.Numerics.Kernels;

public static partial class ScalarKernels
{
    /// <inheritdoc cref="VectorKernels.Add"/>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = x[i] + y[i];
        }
    }

    /// <inheritdoc cref="VectorKernels.AddScaled"/>
    public static void AddScaled(ReadOnlySpan<float> x, float a, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = MathF.FusedMultiplyAdd(a, x[i], y[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.Multiply"/>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = x[i] * y[i];
        }
    }

    /// <inheritdoc cref="VectorKernels.Scale"/>
    public static void Scale(ReadOnlySpan<float> x, float a, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a * x[i];
        }
    }

    /// <inheritdoc cref="VectorKernels.Exp"/>
    public static void Exp(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Exp(x[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.Sigmoid"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Sigmoid(x[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.Tanh"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Tanh(x[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.Log"/>
    public static void Log(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Log(x[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.Relu"/>
    public static void Relu(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = x[i] < 0f ? 0f : x[i];
        }
    }

    /// <inheritdoc cref="VectorKernels.SigmoidGradient"/>
    public static void SigmoidGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = gradient[i] * MathF.FusedMultiplyAdd(-y[i], y[i], y[i]);
        }
    }

    /// <inheritdoc cref="VectorKernels.TanhGradient"/>
    public static void TanhGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = gradient[i] * MathF.FusedMultiplyAdd(-y[i], y[i], 1f);
        }
    }

    /// <inheritdoc cref="VectorKernels.ReluGradient"/>
    public static void ReluGradient(ReadOnlySpan<float> y, ReadOnlySpan<float> gradient, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = y[i] > 0f ? gradient[i] : 0f;
        }
    }
}
