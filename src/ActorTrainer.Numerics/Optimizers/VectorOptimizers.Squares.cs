using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Optimizers;

/// <summary>RMSProp and Adagrad.</summary>
internal static unsafe partial class VectorOptimizers<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <inheritdoc cref="ScalarOptimizers.RmsProp"/>
    public static void RmsProp(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> square,
        GradientScale scale,
        float learningRate,
        float decay,
        float oneMinusDecay,
        float epsilon)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, v = square)
        {
            RmsPropVectors(w, o, g, v, done, scale, learningRate, decay, oneMinusDecay, epsilon);
        }

        ScalarOptimizers.RmsProp(
            weightsIn[done..], weightsOut[done..], gradient[done..], square[done..], scale, learningRate, decay, oneMinusDecay, epsilon);
    }

    /// <inheritdoc cref="ScalarOptimizers.Adagrad"/>
    public static void Adagrad(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> squares,
        GradientScale scale,
        float learningRate,
        float epsilon)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, s = squares)
        {
            AdagradVectors(w, o, g, s, done, scale, learningRate, epsilon);
        }

        ScalarOptimizers.Adagrad(
            weightsIn[done..], weightsOut[done..], gradient[done..], squares[done..], scale, learningRate, epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RmsPropVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* square, nint count, GradientScale scale, float learningRate, float decay, float oneMinusDecay, float epsilon)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-learningRate);
        var rho = TVector.Create(decay);
        var oneMinusRho = TVector.Create(oneMinusDecay);
        var small = TVector.Create(epsilon);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var v = TVector.FusedMultiplyAdd(rho, TVector.Load(square + i), oneMinusRho * g * g);
            v.Store(square + i);
            TVector.FusedMultiplyAdd(rate, g / (TVector.Sqrt(v) + small), TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdagradVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* squares, nint count, GradientScale scale, float learningRate, float epsilon)
    {
        var factor = TVector.Create(scale.Factor);
        var (low, high) = (TVector.Create(-scale.Limit), TVector.Create(scale.Limit));
        var rate = TVector.Create(-learningRate);
        var small = TVector.Create(epsilon);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = Mean(factor, low, high, gradient + i);
            var s = TVector.FusedMultiplyAdd(g, g, TVector.Load(squares + i));
            s.Store(squares + i);
            TVector.FusedMultiplyAdd(rate, g / (TVector.Sqrt(s) + small), TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }
}
