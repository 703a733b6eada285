using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>Products of a row-major matrix with a packed one.</summary>
public static unsafe class Products<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int LargestTile = 8;

    /// <summary>Rows of a panel that are on their way while one is used: some 400 cycles, longer than the third cache takes.</summary>
    private const int StepsAhead = 24;

    /// <summary>
    /// c[r, j] = start, then fma(a[r, k], b[k, j], ·) over k ascending: one chain per output (B1), so the
    /// result depends neither on the number of rows nor on the width of the vectors.
    /// </summary>
    /// <param name="a">[rows × lda] left side; only the columns of the chain are read.</param>
    /// <param name="lda">Floats from a row of <paramref name="a"/> to the next.</param>
    /// <param name="rows">Rows of the product, 0 or more.</param>
    /// <param name="b">Right side.</param>
    /// <param name="c">
    /// [rows × ldc] receives b.Columns floats in each row; nothing beyond them is touched, nor need padding at
    /// their end be.
    /// </param>
    /// <param name="ldc">Floats from a row of <paramref name="c"/> to the next, at least b.Columns.</param>
    /// <param name="start">Where the chains start.</param>
    /// <remarks>
    /// Powers of two as <paramref name="lda"/> and <paramref name="ldc"/> make rows collide in the cache;
    /// pad rows by 16 floats.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint lda, int rows, PackedSlice b, float* c, nint ldc, ProductStart start)
    {
        var zeros = stackalloc float[PackedMatrix.PanelWidth];
        new Span<float>(zeros, PackedMatrix.PanelWidth).Clear();
        var edge = stackalloc float[LargestTile * PackedMatrix.PanelWidth];
        var whole = new DepthSegment(0, b.Depth);
        var segment = b.Segments == null ? &whole : b.Segments;
        var lastSegment = b.Segments == null ? &whole + 1 : b.Segments + b.SegmentCount;

        // Each tile fetches the left side of the next tile, where it is new, or its share of the next panel. A tile
        // that has a panel for itself fetches what it reads itself.
        var leftStep = LargestTile * lda / Math.Max(b.Depth, 1);
        var panelStep = (nint)LargestTile * PackedMatrix.PanelWidth / Math.Max(rows, 1);
        var values = b.Values;
        for (var column = 0; column < b.Columns; column += PackedMatrix.PanelWidth, values += b.PanelStride)
        {
            var columns = Math.Min(PackedMatrix.PanelWidth, b.Columns - column);
            var width = PackedMatrix.ComputedColumns<TVector>(b.UsedColumns - column);
            for (var row = 0; row < rows;)
            {
                var tile = TileRows(rows - row);
                var target = c + (row * ldc) + column;
                var (from, fromStride) = start switch
                {
                    ProductStart.Zero => ((nint)zeros, (nint)0),
                    ProductStart.Bias => ((nint)(b.Bias + column), 0),
                    _ => ((nint)target, ldc),
                };
                var ahead = column == 0 && b.IsWhole
                    ? new FetchAhead(a + ((row + tile) * lda), leftStep)
                    : rows <= LargestTile
                        ? FetchAhead.Stream(values + (StepsAhead * PackedMatrix.PanelWidth))
                        : new FetchAhead(values + b.PanelStride + (row * panelStep / LargestTile * b.Depth), panelStep);
                if (columns >= width)
                {
                    Tile(tile, width, segment, lastSegment, a + (row * lda), lda, values, (float*)from, fromStride, target, ldc, ahead);
                }
                else
                {
                    // The last panel's padding must not be written to c: the tile goes through a buffer.
                    if (start == ProductStart.Continue)
                    {
                        CopyRows(target, ldc, edge, PackedMatrix.PanelWidth, tile, columns);
                        (from, fromStride) = ((nint)edge, PackedMatrix.PanelWidth);
                    }

                    Tile(tile, width, segment, lastSegment, a + (row * lda), lda, values, (float*)from, fromStride, edge, PackedMatrix.PanelWidth, ahead);
                    CopyRows(edge, PackedMatrix.PanelWidth, target, ldc, tile, columns);
                }

                row += tile;
            }
        }
    }

    /// <summary>One tile over the first <paramref name="width"/> columns of a panel, in strips of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tile(
        int rows,
        int width,
        DepthSegment* segment,
        DepthSegment* lastSegment,
        float* a,
        nint lda,
        float* b,
        float* start,
        nint startStride,
        float* c,
        nint ldc,
        FetchAhead ahead)
    {
        if (TVector.Count == 16 && width < PackedMatrix.PanelWidth)
        {
            Products<V256>.Tile(rows, width, segment, lastSegment, a, lda, b, start, startStride, c, ldc, ahead);
            return;
        }

        for (var strip = 0; strip < width; strip += 2 * TVector.Count)
        {
            switch (rows)
            {
                case 8:
                    if (ahead.IsPanel)
                    {
                        ProductTile<TVector>.Rows8<TwoLines>(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc, ahead);
                    }
                    else
                    {
                        ProductTile<TVector>.Rows8<OneLine>(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc, ahead);
                    }

                    break;
                case 6:
                    ProductTile<TVector>.Rows6(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc);
                    break;
                case 4:
                    ProductTile<TVector>.Rows4(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc);
                    break;
                case 2:
                    ProductTile<TVector>.Rows2(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc);
                    break;
                default:
                    ProductTile<TVector>.Rows1(segment, lastSegment, a, lda, b + strip, start + strip, startStride, c + strip, ldc);
                    break;
            }
        }
    }

    /// <summary>Rows of the next tile when so many are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int TileRows(int left) => left switch
    {
        >= 8 when TVector.Count == 16 => 8,
        >= 6 => 6,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    private static void CopyRows(float* from, nint fromStride, float* to, nint toStride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(from + (row * fromStride), columns).CopyTo(new Span<float>(to + (row * toStride), columns));
        }
    }
}
