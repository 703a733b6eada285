using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Optimizers;

/// <summary>The optimizers as one pass over vectors; the bits of <see cref="ScalarOptimizers"/>.</summary>
internal static unsafe partial class VectorOptimizers<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <inheritdoc cref="ScalarOptimizers.Sgd"/>
    public static void Sgd(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        GradientScale scale,
        float learningRate)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient)
        {
            SgdVectors(w, o, g, done, scale, learningRate);
        }

        ScalarOptimizers.Sgd(
            weightsIn[done..], weightsOut[done..], gradient[done..], scale, learningRate);
    }

    /// <inheritdoc cref="ScalarOptimizers.Momentum"/>
    public static void Momentum(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> velocity,
        GradientScale scale,
        float learningRate,
        float momentum)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, v = velocity)
        {
            MomentumVectors(w, o, g, v, done, scale, learningRate, momentum);
        }

        ScalarOptimizers.Momentum(
            weightsIn[done..], weightsOut[done..], gradient[done..], velocity[done..], scale, learningRate, momentum);
    }

    /// <inheritdoc cref="ScalarOptimizers.Nesterov"/>
    public static void Nesterov(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> velocity,
        GradientScale scale,
        float learningRate,
        float momentum)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, v = velocity)
        {
            NesterovVectors(w, o, g, v, done, scale, learningRate, momentum);
        }

        ScalarOptimizers.Nesterov(
            weightsIn[done..], weightsOut[done..], gradient[done..], velocity[done..], scale, learningRate, momentum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SgdVectors(
        float* weightsIn, float* weightsOut, float* gradient, nint count, GradientScale scale, float learningRate)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-learningRate);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            TVector.FusedMultiplyAdd(rate, g, TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MomentumVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* velocity, nint count, GradientScale scale, float learningRate, float momentum)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-learningRate);
        var mu = TVector.Create(momentum);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var v = TVector.FusedMultiplyAdd(mu, TVector.Load(velocity + i), g);
            v.Store(velocity + i);
            TVector.FusedMultiplyAdd(rate, v, TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NesterovVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* velocity, nint count, GradientScale scale, float learningRate, float momentum)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-learningRate);
        var mu = TVector.Create(momentum);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var v = TVector.FusedMultiplyAdd(mu, TVector.Load(velocity + i), g);
            v.Store(velocity + i);
            TVector.FusedMultiplyAdd(rate, TVector.FusedMultiplyAdd(mu, v, g), TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    /// <summary><see cref="GradientScale.Of"/>: the limits stand on the left of both comparisons, so that a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Mean(TVector factor, TVector low, TVector high, float* gradient) =>
        TVector.Max(low, TVector.Min(high, factor * TVector.Load(gradient)));
}
