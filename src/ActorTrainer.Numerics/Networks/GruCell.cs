using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// One block of 16 GRU units over the rows of one time step; the formulas stand at <see cref="ScalarNetwork"/>.
/// Gates r z of the block, 32 columns, lie in one row of <c>stride</c> floats with the candidate's columns.
/// </summary>
internal static unsafe class GruCell<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    public const int BlockUnits = 16;

    /// <summary>r z of a block's units.</summary>
    public const int GateColumns = 2 * BlockUnits;

    /// <summary>Reset after the product.</summary>
    /// <param name="gates">[rows × stride] r z.</param>
    /// <param name="candidate">[rows × stride] b + W·x of the candidate, overwritten with n.</param>
    /// <param name="product">[rows × stride] c + U·h₋₁ of the candidate.</param>
    /// <param name="before">[rows × hiddenStride] h₋₁.</param>
    /// <param name="hidden">[rows × hiddenStride] receives h.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardAfter(
        float* gates, float* candidate, float* product, nint stride, float* before, float* hidden, nint hiddenStride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var z = TVector.FusedMultiplyAdd(TVector.Load(gates + j), TVector.Load(product + j), TVector.Load(candidate + j));
                var n = VectorFunctions<TVector>.Tanh(z);
                n.Store(candidate + j);
                TVector.FusedMultiplyAdd(TVector.Load(gates + BlockUnits + j), TVector.Load(before + j) - n, n).Store(hidden + j);
            }

            gates += stride;
            candidate += stride;
            product += stride;
            before += hiddenStride;
            hidden += hiddenStride;
        }
    }

    /// <summary>Reset before the product.</summary>
    /// <param name="candidate">[rows × stride] pre-activations, overwritten with n.</param>
    /// <inheritdoc cref="ForwardAfter"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardBefore(
        float* gates, float* candidate, nint stride, float* before, float* hidden, nint hiddenStride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var n = VectorFunctions<TVector>.Tanh(TVector.Load(candidate + j));
                n.Store(candidate + j);
                TVector.FusedMultiplyAdd(TVector.Load(gates + BlockUnits + j), TVector.Load(before + j) - n, n).Store(hidden + j);
            }

            gates += stride;
            candidate += stride;
            before += hiddenStride;
            hidden += hiddenStride;
        }
    }

    /// <summary>p = r·h₋₁.</summary>
    /// <param name="gates">[rows × stride] r z.</param>
    /// <param name="before">[rows × hiddenStride] h₋₁.</param>
    /// <param name="kept">[rows × keptStride] receives p.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reset(float* gates, nint stride, float* before, nint hiddenStride, float* kept, nint keptStride, int rows)
    {
        for (var row = 0; row < rows; row++, gates += stride, before += hiddenStride, kept += keptStride)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                (TVector.Load(gates + j) * TVector.Load(before + j)).Store(kept + j);
            }
        }
    }

    /// <summary>Reset after the product: to the gradients of all pre-activations and of the product.</summary>
    /// <param name="gates">[rows × stride] r z, overwritten with their gradients.</param>
    /// <param name="candidate">[rows × stride] n, overwritten with its gradient.</param>
    /// <param name="product">[rows × stride] c + U·h₋₁, overwritten with its gradient.</param>
    /// <param name="before">[rows × hiddenStride] h₋₁.</param>
    /// <param name="delta">[rows × deltaStride] gradient of h but for what the step after takes past its gates.</param>
    /// <param name="carry">[rows × deltaStride] that part, replaced by the one for the step before.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardAfter(
        float* gates,
        float* candidate,
        float* product,
        nint stride,
        float* before,
        nint hiddenStride,
        float* delta,
        float* carry,
        nint deltaStride,
        int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var r = TVector.Load(gates + j);
                var z = TVector.Load(gates + BlockUnits + j);
                var n = TVector.Load(candidate + j);
                var d = TVector.Load(delta + j) + TVector.Load(carry + j);
                var dn = d * (one - z) * TVector.FusedMultiplyAdd(-n, n, one);
                (dn * TVector.Load(product + j) * (r * (one - r))).Store(gates + j);
                (d * (TVector.Load(before + j) - n) * (z * (one - z))).Store(gates + BlockUnits + j);
                dn.Store(candidate + j);
                (dn * r).Store(product + j);
                (d * z).Store(carry + j);
            }

            gates += stride;
            candidate += stride;
            product += stride;
            before += hiddenStride;
            delta += deltaStride;
            carry += deltaStride;
        }
    }

    /// <summary>Reset before the product: to the gradients of z and n; <see cref="BackwardReset"/> follows.</summary>
    /// <inheritdoc cref="BackwardAfter"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardBefore(
        float* gates,
        float* candidate,
        nint stride,
        float* before,
        nint hiddenStride,
        float* delta,
        float* carry,
        nint deltaStride,
        int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var z = TVector.Load(gates + BlockUnits + j);
                var n = TVector.Load(candidate + j);
                var d = TVector.Load(delta + j) + TVector.Load(carry + j);
                (d * (TVector.Load(before + j) - n) * (z * (one - z))).Store(gates + BlockUnits + j);
                (d * (one - z) * TVector.FusedMultiplyAdd(-n, n, one)).Store(candidate + j);
                (d * z).Store(carry + j);
            }

            gates += stride;
            candidate += stride;
            before += hiddenStride;
            delta += deltaStride;
            carry += deltaStride;
        }
    }

    /// <summary>From the gradient of p = r·h₋₁ to that of r, and on to h₋₁.</summary>
    /// <param name="gates">[rows × stride] r, overwritten with the gradient of its pre-activation.</param>
    /// <param name="before">[rows × hiddenStride] h₋₁.</param>
    /// <param name="kept">[rows × deltaStride] gradient of p.</param>
    /// <param name="carry">[rows × deltaStride] what h₋₁ gets past the gates; p's part is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardReset(
        float* gates, nint stride, float* before, nint hiddenStride, float* kept, float* carry, nint deltaStride, int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < BlockUnits; j += TVector.Count)
            {
                var r = TVector.Load(gates + j);
                var dp = TVector.Load(kept + j);
                (dp * TVector.Load(before + j) * (r * (one - r))).Store(gates + j);
                TVector.FusedMultiplyAdd(dp, r, TVector.Load(carry + j)).Store(carry + j);
            }

            gates += stride;
            before += hiddenStride;
            kept += deltaStride;
            carry += deltaStride;
        }
    }
}
