namespace ActorTrainer.Numerics.Products;

/// <summary>Consecutive panels of a <see cref="PackedMatrix"/>, as addresses; the matrix must outlive it.</summary>
public readonly unsafe struct PackedSlice
{
    internal PackedSlice(float* values, nint panelStride, float* bias, int columns, int usedColumns, int depth, DepthSegment* segments, int segmentCount)
    {
        Values = values;
        PanelStride = panelStride;
        Bias = bias;
        Columns = columns;
        UsedColumns = usedColumns;
        Depth = depth;
        Segments = segments;
        SegmentCount = segmentCount;
    }

    /// <summary>Columns of the product with this slice.</summary>
    public int Columns { get; }

    /// <summary>Columns of the product without the padding at its end.</summary>
    internal int UsedColumns { get; }

    /// <summary>Length of the chain.</summary>
    public int Depth { get; }

    /// <summary>Whether the product is with all panels in a row: then its left side is new to the cache.</summary>
    internal bool IsWhole { get; init; }

    internal float* Values { get; }

    internal nint PanelStride { get; }

    internal float* Bias { get; }

    /// <summary>Null for the one segment [0, Depth).</summary>
    internal DepthSegment* Segments { get; }

    internal int SegmentCount { get; }

    /// <summary>The same columns with their chains starting elsewhere.</summary>
    /// <param name="bias">A float for each column of its panels, padding included.</param>
    public PackedSlice StartingAt(float* bias) =>
        new(Values, PanelStride, bias, Columns, UsedColumns, Depth, Segments, SegmentCount);

    /// <summary>
    /// Rows [<paramref name="firstRow"/>, firstRow + rows): a part of the chain, whose left side begins
    /// at column 0 again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The slice does not hold the rows, or it has segments.</exception>
    public PackedSlice Rows(int firstRow, int rows)
    {
        if (Segments != null || firstRow < 0 || rows < 0 || firstRow + rows > Depth)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstRow), $"rows {firstRow}..{firstRow + rows} of {Depth} with {SegmentCount} segments");
        }

        return new(Values + ((nint)firstRow * PackedMatrix.PanelWidth), PanelStride, Bias, Columns, UsedColumns, rows, null, 0);
    }
}
