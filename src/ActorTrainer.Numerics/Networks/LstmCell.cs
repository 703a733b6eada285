using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>One block of 16 LSTM units over the rows of one time step; the formulas stand at <see cref="ScalarNetwork"/>.</summary>
internal static unsafe class LstmCell<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    public const int BlockUnits = 16;

    /// <summary>i f g o of a block's units.</summary>
    public const int BlockColumns = 4 * BlockUnits;

    /// <param name="z">[rows × zStride] 64 pre-activations, overwritten with i f g o.</param>
    /// <param name="before">[rows × stride] c₋₁.</param>
    /// <param name="cell">[rows × stride] receives c.</param>
    /// <param name="tanhCell">[rows × stride] receives tanh c.</param>
    /// <param name="hidden">[rows × hiddenStride] receives h.</param>
    public static void Forward(
        float* z, nint zStride, float* before, float* cell, float* tanhCell, nint stride, float* hidden, nint hiddenStride, int rows)
    {
        // Passes over a block that lies in the first cache.
        RowActivation<TVector>.Sigmoid(z, zStride, 2 * BlockUnits, rows);
        RowActivation<TVector>.Tanh(z + (2 * BlockUnits), zStride, BlockUnits, rows);
        RowActivation<TVector>.Sigmoid(z + (3 * BlockUnits), zStride, BlockUnits, rows);
        Finish(z, zStride, before, cell, tanhCell, stride, hidden, hiddenStride, rows);
    }

    /// <param name="z">[rows × zStride] i f g o, overwritten with the gradients of the pre-activations.</param>
    /// <param name="before">[rows × stride] c₋₁.</param>
    /// <param name="tanhCell">[rows × stride] tanh c.</param>
    /// <param name="delta">[rows × stride] gradient of h.</param>
    /// <param name="carry">[rows × stride] gradient of c from the step after, replaced by the one for the step before.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        float* z, nint zStride, float* before, float* tanhCell, float* delta, float* carry, nint stride, int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var i = TVector.Load(z + j);
                var f = TVector.Load(z + BlockUnits + j);
                var g = TVector.Load(z + (2 * BlockUnits) + j);
                var o = TVector.Load(z + (3 * BlockUnits) + j);
                var tanh = TVector.Load(tanhCell + j);
                var d = TVector.Load(delta + j);
                var dc = TVector.FusedMultiplyAdd(d * o, TVector.FusedMultiplyAdd(-tanh, tanh, one), TVector.Load(carry + j));
                (dc * g * (i * (one - i))).Store(z + j);
                (dc * TVector.Load(before + j) * (f * (one - f))).Store(z + BlockUnits + j);
                (dc * i * TVector.FusedMultiplyAdd(-g, g, one)).Store(z + (2 * BlockUnits) + j);
                (d * tanh * (o * (one - o))).Store(z + (3 * BlockUnits) + j);
                (dc * f).Store(carry + j);
            }

            z += zStride;
            before += stride;
            tanhCell += stride;
            delta += stride;
            carry += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(
        float* z, nint zStride, float* before, float* cell, float* tanhCell, nint stride, float* hidden, nint hiddenStride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var i = TVector.Load(z + j);
                var f = TVector.Load(z + BlockUnits + j);
                var g = TVector.Load(z + (2 * BlockUnits) + j);
                var o = TVector.Load(z + (3 * BlockUnits) + j);
                var c = TVector.FusedMultiplyAdd(f, TVector.Load(before + j), i * g);
                var tanh = VectorFunctions<TVector>.Tanh(c);
                c.Store(cell + j);
                tanh.Store(tanhCell + j);
                (o * tanh).Store(hidden + j);
            }

            z += zStride;
            before += stride;
            cell += stride;
            tanhCell += stride;
            hidden += hiddenStride;
        }
    }
}
