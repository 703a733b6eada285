using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Optimizers;

/// <summary>The optimizers as one pass over vectors; the bits of <see cref="ScalarOptimizers"/>.</summary>
internal static unsafe class VectorOptimizers<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <inheritdoc cref="ScalarOptimizers.Sgd"/>
    public static void Sgd(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradient, float factor, float learningRate)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient)
        {
            SgdVectors(w, o, g, done, factor, learningRate);
        }

        ScalarOptimizers.Sgd(weightsIn[done..], weightsOut[done..], gradient[done..], factor, learningRate);
    }

    /// <inheritdoc cref="ScalarOptimizers.Adam"/>
    public static void Adam(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        in AdamStep step)
    {
        var done = weightsIn.Length / TVector.Count * TVector.Count;
        fixed (float* w = weightsIn, o = weightsOut, g = gradient, m = mean, v = square)
        {
            AdamVectors(w, o, g, m, v, done, step);
        }

        ScalarOptimizers.Adam(weightsIn[done..], weightsOut[done..], gradient[done..], mean[done..], square[done..], step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SgdVectors(float* weightsIn, float* weightsOut, float* gradient, nint count, float factor, float learningRate)
    {
        var scale = TVector.Create(factor);
        var rate = TVector.Create(-learningRate);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            TVector.FusedMultiplyAdd(rate, scale * TVector.Load(gradient + i), TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamVectors(
        float* weightsIn, float* weightsOut, float* gradient, float* mean, float* square, nint count, AdamStep step)
    {
        var factor = TVector.Create(step.Factor);
        var rate = TVector.Create(-step.Rate);
        var rootScale = TVector.Create(step.RootScale);
        var beta1 = TVector.Create(step.Beta1);
        var oneMinusBeta1 = TVector.Create(step.OneMinusBeta1);
        var beta2 = TVector.Create(step.Beta2);
        var oneMinusBeta2 = TVector.Create(step.OneMinusBeta2);
        var epsilon = TVector.Create(step.Epsilon);
        for (nint i = 0; i < count; i += TVector.Count)
        {
            var g = factor * TVector.Load(gradient + i);
            var m = TVector.FusedMultiplyAdd(beta1, TVector.Load(mean + i), oneMinusBeta1 * g);
            var v = TVector.FusedMultiplyAdd(beta2, TVector.Load(square + i), oneMinusBeta2 * g * g);
            m.Store(mean + i);
            v.Store(square + i);
            var root = TVector.FusedMultiplyAdd(TVector.Sqrt(v), rootScale, epsilon);
            TVector.FusedMultiplyAdd(rate, m / root, TVector.Load(weightsIn + i)).Store(weightsOut + i);
        }
    }
}
