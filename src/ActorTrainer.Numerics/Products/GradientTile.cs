using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// The innermost loops of a weight gradient: a few inputs by two vectors of columns over consecutive rows
/// of one lane (B3), every accumulator in a register. Written out for the same reason as
/// <see cref="ProductTile{TVector}"/>.
/// </summary>
/// <remarks>
/// The rows are <c>rows</c> of each of <c>steps</c> time steps, descending. The first strip of inputs
/// reads d where it is, <c>other</c>, copies it to the panel that the next strips read, and sums the
/// biases: the adders and the store ports are idle anyway. The later strips fetch <c>other</c> early, what
/// comes after them. The last piece of a lane folds the nodes of the lane tree that it completes, while
/// its sums are in registers (B4).
/// </remarks>
internal static unsafe class GradientTile<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>8 inputs × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs8<TStrip>(
        int steps, int rows, in TimeMajor x, in TimeMajor other, int column, float* panel, in TileSum sum)
        where TStrip : IGradientStrip
    {
        var w = TVector.Count;
        var start = sum.Start + column;
        panel += column;
        var (b0, b1) = (TVector.Zero, TVector.Zero);
        if (TStrip.IsFirst)
        {
            b0 = TVector.Load(start - sum.StartStride);
            b1 = TVector.Load(start - sum.StartStride + w);
        }

        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        start += sum.StartStride;
        var c10 = TVector.Load(start);
        var c11 = TVector.Load(start + w);
        start += sum.StartStride;
        var c20 = TVector.Load(start);
        var c21 = TVector.Load(start + w);
        start += sum.StartStride;
        var c30 = TVector.Load(start);
        var c31 = TVector.Load(start + w);
        start += sum.StartStride;
        var c40 = TVector.Load(start);
        var c41 = TVector.Load(start + w);
        start += sum.StartStride;
        var c50 = TVector.Load(start);
        var c51 = TVector.Load(start + w);
        start += sum.StartStride;
        var c60 = TVector.Load(start);
        var c61 = TVector.Load(start + w);
        start += sum.StartStride;
        var c70 = TVector.Load(start);
        var c71 = TVector.Load(start + w);
        var (xStride, otherStride) = (x.RowStride, other.RowStride);
        for (var t = 0; t < steps; t++)
        {
            var a = x.Row(-t, 0);
            var o = other.Row(-t, 0) + column;
            for (var left = rows; left > 0; left--)
            {
                TVector d0, d1;
                if (TStrip.IsFirst)
                {
                    d0 = TVector.Load(o);
                    d1 = TVector.Load(o + w);
                    d0.Store(panel);
                    d1.Store(panel + w);
                    b0 += d0;
                    b1 += d1;
                }
                else
                {
                    d0 = TVector.Load(panel);
                    d1 = TVector.Load(panel + w);
                    Prefetch(o);
                }

                var input = TVector.Create(a[0]);
                c00 = TVector.FusedMultiplyAdd(input, d0, c00);
                c01 = TVector.FusedMultiplyAdd(input, d1, c01);
                input = TVector.Create(a[1]);
                c10 = TVector.FusedMultiplyAdd(input, d0, c10);
                c11 = TVector.FusedMultiplyAdd(input, d1, c11);
                input = TVector.Create(a[2]);
                c20 = TVector.FusedMultiplyAdd(input, d0, c20);
                c21 = TVector.FusedMultiplyAdd(input, d1, c21);
                input = TVector.Create(a[3]);
                c30 = TVector.FusedMultiplyAdd(input, d0, c30);
                c31 = TVector.FusedMultiplyAdd(input, d1, c31);
                input = TVector.Create(a[4]);
                c40 = TVector.FusedMultiplyAdd(input, d0, c40);
                c41 = TVector.FusedMultiplyAdd(input, d1, c41);
                input = TVector.Create(a[5]);
                c50 = TVector.FusedMultiplyAdd(input, d0, c50);
                c51 = TVector.FusedMultiplyAdd(input, d1, c51);
                input = TVector.Create(a[6]);
                c60 = TVector.FusedMultiplyAdd(input, d0, c60);
                c61 = TVector.FusedMultiplyAdd(input, d1, c61);
                input = TVector.Create(a[7]);
                c70 = TVector.FusedMultiplyAdd(input, d0, c70);
                c71 = TVector.FusedMultiplyAdd(input, d1, c71);
                a += xStride;
                o += otherStride;
                panel += PackedMatrix.PanelWidth;
            }
        }

        var c = sum.Place + column;
        for (var folds = sum.Folds; folds > 0; folds--)
        {
            c -= sum.FoldStride;
            if (TStrip.IsFirst)
            {
                b0 = TVector.Load(c - PackedMatrix.PanelWidth) + b0;
                b1 = TVector.Load(c - PackedMatrix.PanelWidth + w) + b1;
            }

            var sibling = c;
            c00 = TVector.Load(sibling) + c00;
            c01 = TVector.Load(sibling + w) + c01;
            sibling += PackedMatrix.PanelWidth;
            c10 = TVector.Load(sibling) + c10;
            c11 = TVector.Load(sibling + w) + c11;
            sibling += PackedMatrix.PanelWidth;
            c20 = TVector.Load(sibling) + c20;
            c21 = TVector.Load(sibling + w) + c21;
            sibling += PackedMatrix.PanelWidth;
            c30 = TVector.Load(sibling) + c30;
            c31 = TVector.Load(sibling + w) + c31;
            sibling += PackedMatrix.PanelWidth;
            c40 = TVector.Load(sibling) + c40;
            c41 = TVector.Load(sibling + w) + c41;
            sibling += PackedMatrix.PanelWidth;
            c50 = TVector.Load(sibling) + c50;
            c51 = TVector.Load(sibling + w) + c51;
            sibling += PackedMatrix.PanelWidth;
            c60 = TVector.Load(sibling) + c60;
            c61 = TVector.Load(sibling + w) + c61;
            sibling += PackedMatrix.PanelWidth;
            c70 = TVector.Load(sibling) + c70;
            c71 = TVector.Load(sibling + w) + c71;
        }

        if (TStrip.IsFirst)
        {
            b0.Store(c - PackedMatrix.PanelWidth);
            b1.Store(c - PackedMatrix.PanelWidth + w);
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

    /// <summary>6 inputs × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs6<TStrip>(
        int steps, int rows, in TimeMajor x, in TimeMajor other, int column, float* panel, in TileSum sum)
        where TStrip : IGradientStrip
    {
        var w = TVector.Count;
        var start = sum.Start + column;
        panel += column;
        var (b0, b1) = (TVector.Zero, TVector.Zero);
        if (TStrip.IsFirst)
        {
            b0 = TVector.Load(start - sum.StartStride);
            b1 = TVector.Load(start - sum.StartStride + w);
        }

        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        start += sum.StartStride;
        var c10 = TVector.Load(start);
        var c11 = TVector.Load(start + w);
        start += sum.StartStride;
        var c20 = TVector.Load(start);
        var c21 = TVector.Load(start + w);
        start += sum.StartStride;
        var c30 = TVector.Load(start);
        var c31 = TVector.Load(start + w);
        start += sum.StartStride;
        var c40 = TVector.Load(start);
        var c41 = TVector.Load(start + w);
        start += sum.StartStride;
        var c50 = TVector.Load(start);
        var c51 = TVector.Load(start + w);
        var (xStride, otherStride) = (x.RowStride, other.RowStride);
        for (var t = 0; t < steps; t++)
        {
            var a = x.Row(-t, 0);
            var o = other.Row(-t, 0) + column;
            for (var left = rows; left > 0; left--)
            {
                TVector d0, d1;
                if (TStrip.IsFirst)
                {
                    d0 = TVector.Load(o);
                    d1 = TVector.Load(o + w);
                    d0.Store(panel);
                    d1.Store(panel + w);
                    b0 += d0;
                    b1 += d1;
                }
                else
                {
                    d0 = TVector.Load(panel);
                    d1 = TVector.Load(panel + w);
                    Prefetch(o);
                }

                var input = TVector.Create(a[0]);
                c00 = TVector.FusedMultiplyAdd(input, d0, c00);
                c01 = TVector.FusedMultiplyAdd(input, d1, c01);
                input = TVector.Create(a[1]);
                c10 = TVector.FusedMultiplyAdd(input, d0, c10);
                c11 = TVector.FusedMultiplyAdd(input, d1, c11);
                input = TVector.Create(a[2]);
                c20 = TVector.FusedMultiplyAdd(input, d0, c20);
                c21 = TVector.FusedMultiplyAdd(input, d1, c21);
                input = TVector.Create(a[3]);
                c30 = TVector.FusedMultiplyAdd(input, d0, c30);
                c31 = TVector.FusedMultiplyAdd(input, d1, c31);
                input = TVector.Create(a[4]);
                c40 = TVector.FusedMultiplyAdd(input, d0, c40);
                c41 = TVector.FusedMultiplyAdd(input, d1, c41);
                input = TVector.Create(a[5]);
                c50 = TVector.FusedMultiplyAdd(input, d0, c50);
                c51 = TVector.FusedMultiplyAdd(input, d1, c51);
                a += xStride;
                o += otherStride;
                panel += PackedMatrix.PanelWidth;
            }
        }

        var c = sum.Place + column;
        for (var folds = sum.Folds; folds > 0; folds--)
        {
            c -= sum.FoldStride;
            if (TStrip.IsFirst)
            {
                b0 = TVector.Load(c - PackedMatrix.PanelWidth) + b0;
                b1 = TVector.Load(c - PackedMatrix.PanelWidth + w) + b1;
            }

            var sibling = c;
            c00 = TVector.Load(sibling) + c00;
            c01 = TVector.Load(sibling + w) + c01;
            sibling += PackedMatrix.PanelWidth;
            c10 = TVector.Load(sibling) + c10;
            c11 = TVector.Load(sibling + w) + c11;
            sibling += PackedMatrix.PanelWidth;
            c20 = TVector.Load(sibling) + c20;
            c21 = TVector.Load(sibling + w) + c21;
            sibling += PackedMatrix.PanelWidth;
            c30 = TVector.Load(sibling) + c30;
            c31 = TVector.Load(sibling + w) + c31;
            sibling += PackedMatrix.PanelWidth;
            c40 = TVector.Load(sibling) + c40;
            c41 = TVector.Load(sibling + w) + c41;
            sibling += PackedMatrix.PanelWidth;
            c50 = TVector.Load(sibling) + c50;
            c51 = TVector.Load(sibling + w) + c51;
        }

        if (TStrip.IsFirst)
        {
            b0.Store(c - PackedMatrix.PanelWidth);
            b1.Store(c - PackedMatrix.PanelWidth + w);
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
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
