using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// The innermost loops of a weight gradient: a few inputs by two vectors of columns over consecutive rows
/// of one lane (B3), every accumulator in a register. Written out for the same reason as
/// <see cref="ProductTile{TVector}"/>.
/// </summary>
internal static unsafe class GradientTile<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>8 inputs × 2 vectors of columns; c goes on from <paramref name="start"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs8(nint positions, float* x, float* d, float* start, nint startStride, float* c)
    {
        var w = TVector.Count;
        var ahead = positions * GradientWorkspace.TileInputs;
        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        start += startStride;
        var c10 = TVector.Load(start);
        var c11 = TVector.Load(start + w);
        start += startStride;
        var c20 = TVector.Load(start);
        var c21 = TVector.Load(start + w);
        start += startStride;
        var c30 = TVector.Load(start);
        var c31 = TVector.Load(start + w);
        start += startStride;
        var c40 = TVector.Load(start);
        var c41 = TVector.Load(start + w);
        start += startStride;
        var c50 = TVector.Load(start);
        var c51 = TVector.Load(start + w);
        start += startStride;
        var c60 = TVector.Load(start);
        var c61 = TVector.Load(start + w);
        start += startStride;
        var c70 = TVector.Load(start);
        var c71 = TVector.Load(start + w);
        for (; positions > 0; positions--)
        {
            var d0 = TVector.Load(d);
            var d1 = TVector.Load(d + w);
            d += PackedMatrix.PanelWidth;
            if (Sse.IsSupported)
            {
                // The next strip, which the next tile reads.
                Sse.Prefetch0(x + ahead);
            }

            var input = TVector.Create(x[0]);
            c00 = TVector.FusedMultiplyAdd(input, d0, c00);
            c01 = TVector.FusedMultiplyAdd(input, d1, c01);
            input = TVector.Create(x[1]);
            c10 = TVector.FusedMultiplyAdd(input, d0, c10);
            c11 = TVector.FusedMultiplyAdd(input, d1, c11);
            input = TVector.Create(x[2]);
            c20 = TVector.FusedMultiplyAdd(input, d0, c20);
            c21 = TVector.FusedMultiplyAdd(input, d1, c21);
            input = TVector.Create(x[3]);
            c30 = TVector.FusedMultiplyAdd(input, d0, c30);
            c31 = TVector.FusedMultiplyAdd(input, d1, c31);
            input = TVector.Create(x[4]);
            c40 = TVector.FusedMultiplyAdd(input, d0, c40);
            c41 = TVector.FusedMultiplyAdd(input, d1, c41);
            input = TVector.Create(x[5]);
            c50 = TVector.FusedMultiplyAdd(input, d0, c50);
            c51 = TVector.FusedMultiplyAdd(input, d1, c51);
            input = TVector.Create(x[6]);
            c60 = TVector.FusedMultiplyAdd(input, d0, c60);
            c61 = TVector.FusedMultiplyAdd(input, d1, c61);
            input = TVector.Create(x[7]);
            c70 = TVector.FusedMultiplyAdd(input, d0, c70);
            c71 = TVector.FusedMultiplyAdd(input, d1, c71);
            x += GradientWorkspace.TileInputs;
        }

        c00.Store(c);
        c01.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c10.Store(c);
        c11.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c20.Store(c);
        c21.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c30.Store(c);
        c31.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c40.Store(c);
        c41.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c50.Store(c);
        c51.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c60.Store(c);
        c61.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c70.Store(c);
        c71.Store(c + w);
    }

    /// <summary>4 inputs × 2 vectors of columns; c goes on from <paramref name="start"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs4(nint positions, float* x, float* d, float* start, nint startStride, float* c)
    {
        var w = TVector.Count;
        var ahead = positions * GradientWorkspace.TileInputs;
        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        start += startStride;
        var c10 = TVector.Load(start);
        var c11 = TVector.Load(start + w);
        start += startStride;
        var c20 = TVector.Load(start);
        var c21 = TVector.Load(start + w);
        start += startStride;
        var c30 = TVector.Load(start);
        var c31 = TVector.Load(start + w);
        for (; positions > 0; positions--)
        {
            var d0 = TVector.Load(d);
            var d1 = TVector.Load(d + w);
            d += PackedMatrix.PanelWidth;
            if (Sse.IsSupported)
            {
                // The next strip, which the next tile reads.
                Sse.Prefetch0(x + ahead);
            }

            var input = TVector.Create(x[0]);
            c00 = TVector.FusedMultiplyAdd(input, d0, c00);
            c01 = TVector.FusedMultiplyAdd(input, d1, c01);
            input = TVector.Create(x[1]);
            c10 = TVector.FusedMultiplyAdd(input, d0, c10);
            c11 = TVector.FusedMultiplyAdd(input, d1, c11);
            input = TVector.Create(x[2]);
            c20 = TVector.FusedMultiplyAdd(input, d0, c20);
            c21 = TVector.FusedMultiplyAdd(input, d1, c21);
            input = TVector.Create(x[3]);
            c30 = TVector.FusedMultiplyAdd(input, d0, c30);
            c31 = TVector.FusedMultiplyAdd(input, d1, c31);
            x += GradientWorkspace.TileInputs;
        }

        c00.Store(c);
        c01.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c10.Store(c);
        c11.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c20.Store(c);
        c21.Store(c + w);
        c += PackedMatrix.PanelWidth;
        c30.Store(c);
        c31.Store(c + w);
    }
}
