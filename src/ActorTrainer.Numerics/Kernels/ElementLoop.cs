using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>The loop of every element-wise kernel.</summary>
internal static unsafe class ElementLoop<TVector, TFunction>
    where TVector : unmanaged, IVector<TVector>
    where TFunction : struct, IElementFunction
{
    /// <summary>result[i] = function(x[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map(TFunction function, float* x, float* result, nint length)
    {
        var zero = TVector.Zero;
        nint i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            function.Of(TVector.Load(x + i), zero).Store(result + i);
        }

        if (i < length)
        {
            // The last elements go through a vector of their own, padded with zeros: same function, same bits.
            var edge = stackalloc float[16];
            TVector.Zero.Store(edge);
            Copy(x + i, edge, length - i);
            function.Of(TVector.Load(edge), zero).Store(edge);
            Copy(edge, result + i, length - i);
        }
    }

    /// <summary>result[i] = function(x[i], y[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Zip(TFunction function, float* x, float* y, float* result, nint length)
    {
        nint i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            function.Of(TVector.Load(x + i), TVector.Load(y + i)).Store(result + i);
        }

        if (i < length)
        {
            var edge = stackalloc float[32];
            TVector.Zero.Store(edge);
            TVector.Zero.Store(edge + 16);
            Copy(x + i, edge, length - i);
            Copy(y + i, edge + 16, length - i);
            function.Of(TVector.Load(edge), TVector.Load(edge + 16)).Store(edge);
            Copy(edge, result + i, length - i);
        }
    }

    private static void Copy(float* from, float* to, nint length) =>
        new ReadOnlySpan<float>(from, (int)length).CopyTo(new Span<float>(to, (int)length));
}
