using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// The right side of a product, [depth × columns], copied into panels of 32 columns: a panel is
/// [depth × 32], one after the other, the last one padded with zeros. The layout depends on nothing but
/// the shape, so engines of every width share one copy.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Columns of a panel: two of the widest vectors.</summary>
    public const int PanelWidth = 32;

    private readonly AlignedBuffer _values;
    private readonly AlignedBuffer _bias;
    private readonly DepthSegment[] _segments;

    /// <summary>A matrix of zeros; <see cref="Pack"/> or <see cref="PackTransposed"/> fills it.</summary>
    /// <param name="depth">Rows: length of the chain of B1.</param>
    /// <param name="order">Columns and where they come from.</param>
    /// <param name="segments">Where the chain's elements stand in a row of the left side; one piece from 0 when left out.</param>
    /// <exception cref="ArgumentException">The segments do not hold <paramref name="depth"/> columns.</exception>
    public PackedMatrix(int depth, ColumnOrder order, ReadOnlySpan<DepthSegment> segments = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        Depth = depth;
        Order = order;
        Panels = (order.Columns + PanelWidth - 1) / PanelWidth;
        _values = new AlignedBuffer(checked(Panels * PanelWidth * depth));
        _bias = new AlignedBuffer(Panels * PanelWidth);

        // Pinned, so that a slice can hold its address.
        _segments = GC.AllocateUninitializedArray<DepthSegment>(segments.Length, pinned: true);
        segments.CopyTo(_segments);
        var held = 0L;
        foreach (var segment in _segments)
        {
            held += segment.End - segment.Begin;
        }

        if (_segments.Length > 0 && held != depth)
        {
            throw new ArgumentException($"the segments hold {held} columns and the depth is {depth}", nameof(segments));
        }
    }

    /// <summary>A matrix of zeros with its columns as they are.</summary>
    public PackedMatrix(int depth, int columns)
        : this(depth, ColumnOrder.Natural(columns))
    {
    }

    public int Depth { get; }

    public ColumnOrder Order { get; }

    /// <summary>Columns of the product, padding of the order included.</summary>
    public int Columns => Order.Columns;

    public int Panels { get; }

    /// <summary>[Panels·32] the start of each column's chain in this matrix's order; zeros until packed.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>The whole matrix as the right side of a product.</summary>
    public PackedSlice All => Slice(0, Panels) with { IsWhole = true };

    /// <summary>Panels [<paramref name="firstPanel"/>, firstPanel + panels).</summary>
    public PackedSlice Slice(int firstPanel, int panels)
    {
        if (firstPanel < 0 || panels < 0 || firstPanel + panels > Panels)
        {
            throw new ArgumentOutOfRangeException(nameof(firstPanel), $"panels {firstPanel}..{firstPanel + panels} of {Panels}");
        }

        var stride = (nint)Depth * PanelWidth;
        fixed (DepthSegment* segments = _segments)
        {
            return new PackedSlice(
                _values.Pointer + (firstPanel * stride),
                stride,
                _bias.Pointer + (firstPanel * PanelWidth),
                Math.Min(Columns - (firstPanel * PanelWidth), panels * PanelWidth),
                Math.Min(Order.UsedColumns - (firstPanel * PanelWidth), panels * PanelWidth),
                Depth,
                segments,
                _segments.Length);
        }
    }

    /// <summary>
    /// Columns of a panel that are computed when the first <paramref name="used"/> are wanted: pairs of
    /// vectors. Where one pair is the whole panel, half of it may be a pair of vectors of half the width, as
    /// fast as two whole ones.
    /// </summary>
    internal static int ComputedColumns<TVector>(int used)
        where TVector : unmanaged, IVector<TVector>
    {
        var step = Math.Min(2 * TVector.Count, PanelWidth / 2);
        return Math.Min((used + step - 1) / step * step, PanelWidth);
    }

    /// <summary>Copies weights [depth × dense columns], row-major, and their bias.</summary>
    /// <param name="weights">First weight.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="bias">[dense columns], or null for zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(float* weights, nint stride, float* bias = null)
    {
        PackBias(bias);
        var runs = Order.Runs.AsSpan();
        for (var row = 0; row < Depth; row++, weights += stride)
        {
            // Row by row over all panels: what is read stands together, whatever the stride.
            var destination = _values.Pointer + ((nint)row * PanelWidth);
            for (var panel = 0; panel < Panels; panel++, destination += (nint)Depth * PanelWidth)
            {
                PackRun(weights, runs, 2 * panel, destination);
                PackRun(weights, runs, (2 * panel) + 1, destination + ColumnOrder.RunLength);
            }
        }
    }

    /// <summary>
    /// Copies the transpose of weights [dense columns × depth], row-major: the right side of the product
    /// that takes gradients back through a layer. There is no bias.
    /// </summary>
    /// <param name="weights">First weight.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    public void PackTransposed(float* weights, nint stride)
    {
        PackBias(null);
        for (var panel = 0; panel < Panels; panel++)
        {
            for (var row = 0; row < Depth; row += ColumnOrder.RunLength)
            {
                TransposeBlock(weights, stride, panel, row, Math.Min(ColumnOrder.RunLength, Depth - row));
            }
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        _bias.Dispose();
    }

    /// <summary>Sixteen columns of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PackRun(float* weights, ReadOnlySpan<int> runs, int run, float* destination)
    {
        if (run < runs.Length && runs[run] >= 0)
        {
            Vector512.Load(weights + runs[run]).Store(destination);
        }
        else
        {
            PackBrokenRun(weights, run * ColumnOrder.RunLength, destination);
        }
    }

    private void PackBrokenRun(float* weights, int first, float* destination)
    {
        var sources = Order.Sources.AsSpan();
        for (var i = 0; i < ColumnOrder.RunLength; i++)
        {
            var source = first + i < sources.Length ? sources[first + i] : -1;
            destination[i] = source < 0 ? 0f : weights[source];
        }
    }

    /// <summary>
    /// A panel's rows [<paramref name="firstRow"/>, firstRow + rows) from a cache line of each of its 32 columns:
    /// both sides of so small a block stay in the first cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransposeBlock(float* weights, nint stride, int panel, int firstRow, int rows)
    {
        var sources = Order.Sources.AsSpan();
        var block = _values.Pointer + ((((nint)panel * Depth) + firstRow) * PanelWidth);
        for (var i = 0; i < PanelWidth; i++)
        {
            var column = (panel * PanelWidth) + i;
            var source = column < sources.Length ? sources[column] : -1;
            var from = weights + (source * stride) + firstRow;
            var to = block + i;
            for (var row = 0; row < rows; row++, to += PanelWidth)
            {
                *to = source < 0 ? 0f : from[row];
            }
        }
    }

    private void PackBias(float* bias)
    {
        var packed = _bias.Span;
        packed.Clear();
        if (bias != null)
        {
            for (var column = 0; column < Columns; column++)
            {
                var source = Order.Sources[column];
                packed[column] = source < 0 ? 0f : bias[source];
            }
        }
    }
}
