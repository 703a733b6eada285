using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Optimizers;

/// <summary>Adam and AdamW.</summary>
internal static unsafe partial class VectorOptimizers<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <inheritdoc cref="ScalarOptimizers.Adam"/>
    public static void Adam(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        GradientScale scale,
        in AdamStep step)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, m = mean, v = square)
        {
            AdamVectors(w, o, g, m, v, done, scale, step);
        }

        ScalarOptimizers.Adam(
            weightsIn[done..], weightsOut[done..], gradient[done..], mean[done..], square[done..], scale, step);
    }

    /// <inheritdoc cref="ScalarOptimizers.AdamW"/>
    public static void AdamW(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        GradientScale scale,
        in AdamStep step)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, m = mean, v = square)
        {
            AdamWVectors(w, o, g, m, v, done, scale, step);
        }

        ScalarOptimizers.AdamW(
            weightsIn[done..], weightsOut[done..], gradient[done..], mean[done..], square[done..], scale, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* mean, float* square, nint count, GradientScale scale, AdamStep step)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-step.Rate);
        var rootScale = TVector.Create(step.RootScale);
        var beta1 = TVector.Create(step.Beta1);
        var oneMinusBeta1 = TVector.Create(step.OneMinusBeta1);
        var beta2 = TVector.Create(step.Beta2);
        var oneMinusBeta2 = TVector.Create(step.OneMinusBeta2);
        var epsilon = TVector.Create(step.Epsilon);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var m = TVector.FusedMultiplyAdd(beta1, TVector.Load(mean + i), oneMinusBeta1 * g);
            var v = TVector.FusedMultiplyAdd(beta2, TVector.Load(square + i), oneMinusBeta2 * g * g);
            m.Store(mean + i);
            v.Store(square + i);
            var root = TVector.FusedMultiplyAdd(TVector.Sqrt(v), rootScale, epsilon);
            TVector.FusedMultiplyAdd(rate, m / root, TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamWVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* mean, float* square, nint count, GradientScale scale, AdamStep step)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-step.Rate);
        var rootScale = TVector.Create(step.RootScale);
        var beta1 = TVector.Create(step.Beta1);
        var oneMinusBeta1 = TVector.Create(step.OneMinusBeta1);
        var beta2 = TVector.Create(step.Beta2);
        var oneMinusBeta2 = TVector.Create(step.OneMinusBeta2);
        var epsilon = TVector.Create(step.Epsilon);
        var decay = TVector.Create(-step.Decay);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var m = TVector.FusedMultiplyAdd(beta1, TVector.Load(mean + i), oneMinusBeta1 * g);
            var v = TVector.FusedMultiplyAdd(beta2, TVector.Load(square + i), oneMinusBeta2 * g * g);
            m.Store(mean + i);
            v.Store(square + i);
            var root = TVector.FusedMultiplyAdd(TVector.Sqrt(v), rootScale, epsilon);
            var w = TVector.Load(weightsIn + i);
            TVector.FusedMultiplyAdd(rate, m / root, TVector.FusedMultiplyAdd(decay, w, w)).Store(weightsOut + i);
        }
    }
}
