using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// The innermost loops of a product: a few rows by two vectors of columns, every accumulator in a
/// register for the whole chain of B1. Elements of the left side are broadcast, so that no sum ever runs
/// across a vector.
/// </summary>
/// <remarks>
/// The loops are written out because the compiler keeps only named locals in registers. A tile of
/// 8 × 32 floats takes sixteen of the 32 registers of 512 bits; 6 × 2 vectors suit machines with sixteen
/// registers.
/// </remarks>
internal static unsafe class ProductTile<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>
    /// 8 rows × 2 vectors of columns. The chain takes long enough for the lines that the sums go to, and for
    /// what comes <paramref name="next"/>, to arrive meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows8<TAhead>(
        DepthSegment* segment, DepthSegment* lastSegment, float* a, nint lda, float* b, float* start, nint startStride, float* c, nint ldc, FetchAhead next)
        where TAhead : ILinesAhead
    {
        var w = TVector.Count;
        FetchRows(c, ldc);
        var (ahead, aheadStep) = ((nint)next.First, sizeof(float) * next.Step);
        var a1 = a + lda;
        var a2 = a1 + lda;
        var a3 = a2 + lda;
        var a4 = a3 + lda;
        var a5 = a4 + lda;
        var a6 = a5 + lda;
        var a7 = a6 + lda;
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
        for (; segment < lastSegment; segment++)
        {
            var end = segment->End;
            for (var i = segment->Begin; i < end; i++)
            {
                var b0 = TVector.Load(b);
                var b1 = TVector.Load(b + w);
                b += PackedMatrix.PanelWidth;
                CacheLine.Fetch((float*)ahead);
                if (TAhead.AreTwo)
                {
                    CacheLine.Fetch((float*)ahead + CacheLine.Floats);
                }

                ahead += aheadStep;
                var x = TVector.Create(a[i]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);
                x = TVector.Create(a1[i]);
                c10 = TVector.FusedMultiplyAdd(x, b0, c10);
                c11 = TVector.FusedMultiplyAdd(x, b1, c11);
                x = TVector.Create(a2[i]);
                c20 = TVector.FusedMultiplyAdd(x, b0, c20);
                c21 = TVector.FusedMultiplyAdd(x, b1, c21);
                x = TVector.Create(a3[i]);
                c30 = TVector.FusedMultiplyAdd(x, b0, c30);
                c31 = TVector.FusedMultiplyAdd(x, b1, c31);
                x = TVector.Create(a4[i]);
                c40 = TVector.FusedMultiplyAdd(x, b0, c40);
                c41 = TVector.FusedMultiplyAdd(x, b1, c41);
                x = TVector.Create(a5[i]);
                c50 = TVector.FusedMultiplyAdd(x, b0, c50);
                c51 = TVector.FusedMultiplyAdd(x, b1, c51);
                x = TVector.Create(a6[i]);
                c60 = TVector.FusedMultiplyAdd(x, b0, c60);
                c61 = TVector.FusedMultiplyAdd(x, b1, c61);
                x = TVector.Create(a7[i]);
                c70 = TVector.FusedMultiplyAdd(x, b0, c70);
                c71 = TVector.FusedMultiplyAdd(x, b1, c71);
            }
        }

        c00.Store(c);
        c01.Store(c + w);
        c += ldc;
        c10.Store(c);
        c11.Store(c + w);
        c += ldc;
        c20.Store(c);
        c21.Store(c + w);
        c += ldc;
        c30.Store(c);
        c31.Store(c + w);
        c += ldc;
        c40.Store(c);
        c41.Store(c + w);
        c += ldc;
        c50.Store(c);
        c51.Store(c + w);
        c += ldc;
        c60.Store(c);
        c61.Store(c + w);
        c += ldc;
        c70.Store(c);
        c71.Store(c + w);
    }

    /// <summary>6 rows × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows6(
        DepthSegment* segment, DepthSegment* lastSegment, float* a, nint lda, float* b, float* start, nint startStride, float* c, nint ldc)
    {
        var w = TVector.Count;
        var a1 = a + lda;
        var a2 = a1 + lda;
        var a3 = a2 + lda;
        var a4 = a3 + lda;
        var a5 = a4 + lda;
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
        for (; segment < lastSegment; segment++)
        {
            var end = segment->End;
            for (var i = segment->Begin; i < end; i++)
            {
                var b0 = TVector.Load(b);
                var b1 = TVector.Load(b + w);
                b += PackedMatrix.PanelWidth;
                var x = TVector.Create(a[i]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);
                x = TVector.Create(a1[i]);
                c10 = TVector.FusedMultiplyAdd(x, b0, c10);
                c11 = TVector.FusedMultiplyAdd(x, b1, c11);
                x = TVector.Create(a2[i]);
                c20 = TVector.FusedMultiplyAdd(x, b0, c20);
                c21 = TVector.FusedMultiplyAdd(x, b1, c21);
                x = TVector.Create(a3[i]);
                c30 = TVector.FusedMultiplyAdd(x, b0, c30);
                c31 = TVector.FusedMultiplyAdd(x, b1, c31);
                x = TVector.Create(a4[i]);
                c40 = TVector.FusedMultiplyAdd(x, b0, c40);
                c41 = TVector.FusedMultiplyAdd(x, b1, c41);
                x = TVector.Create(a5[i]);
                c50 = TVector.FusedMultiplyAdd(x, b0, c50);
                c51 = TVector.FusedMultiplyAdd(x, b1, c51);
            }
        }

        c00.Store(c);
        c01.Store(c + w);
        c += ldc;
        c10.Store(c);
        c11.Store(c + w);
        c += ldc;
        c20.Store(c);
        c21.Store(c + w);
        c += ldc;
        c30.Store(c);
        c31.Store(c + w);
        c += ldc;
        c40.Store(c);
        c41.Store(c + w);
        c += ldc;
        c50.Store(c);
        c51.Store(c + w);
    }

    /// <summary>4 rows × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows4(
        DepthSegment* segment, DepthSegment* lastSegment, float* a, nint lda, float* b, float* start, nint startStride, float* c, nint ldc)
    {
        var w = TVector.Count;
        var a1 = a + lda;
        var a2 = a1 + lda;
        var a3 = a2 + lda;
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
        for (; segment < lastSegment; segment++)
        {
            var end = segment->End;
            for (var i = segment->Begin; i < end; i++)
            {
                var b0 = TVector.Load(b);
                var b1 = TVector.Load(b + w);
                b += PackedMatrix.PanelWidth;
                var x = TVector.Create(a[i]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);
                x = TVector.Create(a1[i]);
                c10 = TVector.FusedMultiplyAdd(x, b0, c10);
                c11 = TVector.FusedMultiplyAdd(x, b1, c11);
                x = TVector.Create(a2[i]);
                c20 = TVector.FusedMultiplyAdd(x, b0, c20);
                c21 = TVector.FusedMultiplyAdd(x, b1, c21);
                x = TVector.Create(a3[i]);
                c30 = TVector.FusedMultiplyAdd(x, b0, c30);
                c31 = TVector.FusedMultiplyAdd(x, b1, c31);
            }
        }

        c00.Store(c);
        c01.Store(c + w);
        c += ldc;
        c10.Store(c);
        c11.Store(c + w);
        c += ldc;
        c20.Store(c);
        c21.Store(c + w);
        c += ldc;
        c30.Store(c);
        c31.Store(c + w);
    }

    /// <summary>2 rows × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows2(
        DepthSegment* segment, DepthSegment* lastSegment, float* a, nint lda, float* b, float* start, nint startStride, float* c, nint ldc)
    {
        var w = TVector.Count;
        var a1 = a + lda;
        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        start += startStride;
        var c10 = TVector.Load(start);
        var c11 = TVector.Load(start + w);
        for (; segment < lastSegment; segment++)
        {
            var end = segment->End;
            for (var i = segment->Begin; i < end; i++)
            {
                var b0 = TVector.Load(b);
                var b1 = TVector.Load(b + w);
                b += PackedMatrix.PanelWidth;
                var x = TVector.Create(a[i]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);
                x = TVector.Create(a1[i]);
                c10 = TVector.FusedMultiplyAdd(x, b0, c10);
                c11 = TVector.FusedMultiplyAdd(x, b1, c11);
            }
        }

        c00.Store(c);
        c01.Store(c + w);
        c += ldc;
        c10.Store(c);
        c11.Store(c + w);
    }

    /// <summary>1 row × 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows1(
        DepthSegment* segment, DepthSegment* lastSegment, float* a, nint lda, float* b, float* start, nint startStride, float* c, nint ldc)
    {
        var w = TVector.Count;
        var c00 = TVector.Load(start);
        var c01 = TVector.Load(start + w);
        for (; segment < lastSegment; segment++)
        {
            var end = segment->End;
            for (var i = segment->Begin; i < end; i++)
            {
                var b0 = TVector.Load(b);
                var b1 = TVector.Load(b + w);
                b += PackedMatrix.PanelWidth;
                var x = TVector.Create(a[i]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);
            }
        }

        c00.Store(c);
        c01.Store(c + w);
    }

    /// <summary>The lines of c that 8 rows are written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchRows(float* c, nint ldc)
    {
        for (var row = 0; row < 8; row++, c += ldc)
        {
            CacheLine.Fetch(c);
            CacheLine.Fetch(c + TVector.Count);
        }
    }
}
