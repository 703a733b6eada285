using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// The innermost loops of a weight gradient over few rows: a few inputs by two vectors of columns, for one lane
/// after the other (B3), and the whole lane tree of the tile (B4), in one call. Written out for the same reason
/// as <see cref="ProductTile{TVector}"/>.
/// </summary>
/// <remarks>
/// The first strip of inputs reads d where it is, copies it to the panel that the next strips read, lane after
/// lane, and sums the biases into the row before its first input. The later strips fetch the line of x that the
/// strip after the next begins with.
/// </remarks>
internal static unsafe class LaneTile<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int LineFloats = AlignedBuffer.Alignment / sizeof(float);

    /// <summary>8 inputs × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs8<TStrip>(
        in LaneChain chain, in TimeMajor x, in TimeMajor d, float* panel, float* stack, nint node, in TilePlace root)
        where TStrip : IGradientStrip
    {
        var w = TVector.Count;
        var (xStride, dStride) = (x.RowStride, d.RowStride);
        var (lane, lastLane) = ((nint)chain.First, (nint)chain.Last);
        for (var leaf = 0; leaf < chain.Block.Count; leaf++)
        {
            var (b0, b1) = (TVector.Zero, TVector.Zero);
            var (c00, c01) = (TVector.Zero, TVector.Zero);
            var (c10, c11) = (TVector.Zero, TVector.Zero);
            var (c20, c21) = (TVector.Zero, TVector.Zero);
            var (c30, c31) = (TVector.Zero, TVector.Zero);
            var (c40, c41) = (TVector.Zero, TVector.Zero);
            var (c50, c51) = (TVector.Zero, TVector.Zero);
            var (c60, c61) = (TVector.Zero, TVector.Zero);
            var (c70, c71) = (TVector.Zero, TVector.Zero);
            var rows = (LaneRows*)lane;
            if (lane < lastLane && rows->Lane == chain.Block.First + leaf)
            {
                for (var t = chain.Time - 1; t >= 0; t--)
                {
                    var a = x.Row(t, rows->FirstRow);
                    var o = d.Row(t, rows->FirstRow);
                    for (var left = rows->RowCount; left > 0; left--)
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
                            o += dStride;
                        }
                        else
                        {
                            d0 = TVector.Load(panel);
                            d1 = TVector.Load(panel + w);
                            CacheLine.Fetch(a + LineFloats);
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
                        panel += PackedMatrix.PanelWidth;
                    }
                }

                lane += sizeof(LaneRows);
            }

            var c = stack + (LaneTree.Height(leaf) * node);
            for (var folds = LaneTree.Folds(leaf); folds > 0; folds--)
            {
                c -= node;
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

            var place = leaf == chain.Block.Count - 1 ? root : new TilePlace(c, c + w, PackedMatrix.PanelWidth);
            float* l = place.Left, r = place.Right;
            c00.Store(l);
            c01.Store(r);
            l += place.Stride;
            r += place.Stride;
            c10.Store(l);
            c11.Store(r);
            l += place.Stride;
            r += place.Stride;
            c20.Store(l);
            c21.Store(r);
            l += place.Stride;
            r += place.Stride;
            c30.Store(l);
            c31.Store(r);
            l += place.Stride;
            r += place.Stride;
            c40.Store(l);
            c41.Store(r);
            l += place.Stride;
            r += place.Stride;
            c50.Store(l);
            c51.Store(r);
            l += place.Stride;
            r += place.Stride;
            c60.Store(l);
            c61.Store(r);
            l += place.Stride;
            r += place.Stride;
            c70.Store(l);
            c71.Store(r);
        }
    }

    /// <summary>6 inputs × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Inputs6<TStrip>(
        in LaneChain chain, in TimeMajor x, in TimeMajor d, float* panel, float* stack, nint node, in TilePlace root)
        where TStrip : IGradientStrip
    {
        var w = TVector.Count;
        var (xStride, dStride) = (x.RowStride, d.RowStride);
        var (lane, lastLane) = ((nint)chain.First, (nint)chain.Last);
        for (var leaf = 0; leaf < chain.Block.Count; leaf++)
        {
            var (b0, b1) = (TVector.Zero, TVector.Zero);
            var (c00, c01) = (TVector.Zero, TVector.Zero);
            var (c10, c11) = (TVector.Zero, TVector.Zero);
            var (c20, c21) = (TVector.Zero, TVector.Zero);
            var (c30, c31) = (TVector.Zero, TVector.Zero);
            var (c40, c41) = (TVector.Zero, TVector.Zero);
            var (c50, c51) = (TVector.Zero, TVector.Zero);
            var rows = (LaneRows*)lane;
            if (lane < lastLane && rows->Lane == chain.Block.First + leaf)
            {
                for (var t = chain.Time - 1; t >= 0; t--)
                {
                    var a = x.Row(t, rows->FirstRow);
                    var o = d.Row(t, rows->FirstRow);
                    for (var left = rows->RowCount; left > 0; left--)
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
                            o += dStride;
                        }
                        else
                        {
                            d0 = TVector.Load(panel);
                            d1 = TVector.Load(panel + w);
                            CacheLine.Fetch(a + LineFloats);
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
                        panel += PackedMatrix.PanelWidth;
                    }
                }

                lane += sizeof(LaneRows);
            }

            var c = stack + (LaneTree.Height(leaf) * node);
            for (var folds = LaneTree.Folds(leaf); folds > 0; folds--)
            {
                c -= node;
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

            var place = leaf == chain.Block.Count - 1 ? root : new TilePlace(c, c + w, PackedMatrix.PanelWidth);
            float* l = place.Left, r = place.Right;
            c00.Store(l);
            c01.Store(r);
            l += place.Stride;
            r += place.Stride;
            c10.Store(l);
            c11.Store(r);
            l += place.Stride;
            r += place.Stride;
            c20.Store(l);
            c21.Store(r);
            l += place.Stride;
            r += place.Stride;
            c30.Store(l);
            c31.Store(r);
            l += place.Stride;
            r += place.Stride;
            c40.Store(l);
            c41.Store(r);
            l += place.Stride;
            r += place.Stride;
            c50.Store(l);
            c51.Store(r);
        }
    }
}
