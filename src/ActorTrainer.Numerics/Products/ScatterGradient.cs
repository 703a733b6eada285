using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Gradients of a table whose rows were looked up by symbol: an embedding, or the input weights under a
/// one-hot input.
/// </summary>
/// <remarks>
/// The positions are sorted by symbol, stably, so that every row of the table is summed once and only
/// rows that occur cost anything: no table per lane is cleared or folded. A subtree in which a symbol
/// does not occur is +0, as the sum of its +0 leaves is.
/// </remarks>
public static unsafe class ScatterGradient<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>
    /// weights[s, j] = Σ d[t, r, j] over the positions with symbols[t, r] = s of the block's lanes: per
    /// lane from +0, time descending, rows ascending (B3), lanes along the tree (B4).
    /// </summary>
    /// <param name="symbols">[time × rows] the rows that were looked up, each below <paramref name="symbolCount"/>.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="symbolCount">Rows of the table.</param>
    /// <param name="d">[time × rows × columns.Columns] gradients of what was looked up.</param>
    /// <param name="columns">Where the columns of <paramref name="d"/> stand in the table; padding is left out.</param>
    /// <param name="time">Time steps.</param>
    /// <param name="lanes">Where each lane's rows are; lanes outside the block are not looked at.</param>
    /// <param name="block">The node of the tree to compute.</param>
    /// <param name="weights">[symbolCount × stride] receives the sums, dense; wholly overwritten.</param>
    /// <param name="stride">Floats from a row of <paramref name="weights"/> to the next.</param>
    /// <param name="workspace">Memory; nothing is kept in it between calls.</param>
    /// <exception cref="ArgumentException">The workspace is too small, or a symbol is not in the table.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(
        ReadOnlySpan<int> symbols,
        int rows,
        int symbolCount,
        TimeMajor d,
        ColumnOrder columns,
        int time,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* weights,
        nint stride,
        ScatterWorkspace workspace)
    {
        if (symbolCount > workspace.Symbols || time * rows > workspace.Offsets.Length || block.Count > workspace.Lanes)
        {
            throw new ArgumentException(
                $"the workspace holds {workspace.Symbols} symbols at {workspace.Offsets.Length} positions in {workspace.Lanes} lanes; "
                + $"{symbolCount} at {time * rows} in {block.Count} were given",
                nameof(workspace));
        }

        SortBySymbol(symbols, rows, symbolCount, d, time, block.LanesIn(lanes), workspace);

        // After the sort, Starts[s] is the end of symbol s and the start of s + 1.
        var first = 0;
        for (var symbol = 0; symbol < symbolCount; symbol++)
        {
            var end = workspace.Starts[symbol];
            var row = weights + (symbol * stride);
            if (first == end)
            {
                new Span<float>(row, columns.DenseColumns).Clear();
                continue;
            }

            var offsets = workspace.Offsets.AsSpan(first, end - first);
            var owners = workspace.LanesOfOffsets.AsSpan(first, end - first);
            for (var column = 0; column < columns.Columns; column += PackedMatrix.PanelWidth)
            {
                var width = Math.Min(PackedMatrix.PanelWidth, columns.Columns - column);
                Fold(d.Values + column, width, offsets, owners, block.First, block.Count, workspace.Stack);
                columns.StorePanel(workspace.Stack, column, row);
            }

            first = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SortBySymbol(
        ReadOnlySpan<int> symbols, int rows, int symbolCount, TimeMajor d, int time, ReadOnlySpan<LaneRows> lanes, ScatterWorkspace workspace)
    {
        var starts = workspace.Starts.AsSpan(0, symbolCount + 1);
        starts.Clear();
        foreach (var lane in lanes)
        {
            for (var t = 0; t < time; t++)
            {
                foreach (var symbol in symbols.Slice((t * rows) + lane.FirstRow, lane.RowCount))
                {
                    if ((uint)symbol >= (uint)symbolCount)
                    {
                        throw new ArgumentException($"symbol {symbol} is not below {symbolCount}", nameof(symbols));
                    }

                    starts[symbol + 1]++;
                }
            }
        }

        for (var symbol = 0; symbol < symbolCount; symbol++)
        {
            starts[symbol + 1] += starts[symbol];
        }

        foreach (var lane in lanes)
        {
            for (var t = time - 1; t >= 0; t--)
            {
                for (var row = lane.FirstRow; row < lane.EndRow; row++)
                {
                    var place = starts[symbols[(t * rows) + row]]++;
                    workspace.Offsets[place] = (t * d.TimeStride) + (row * d.RowStride);
                    workspace.LanesOfOffsets[place] = lane.Lane;
                }
            }
        }
    }

    /// <summary>The sum of one node of the tree, written to <paramref name="node"/>; its right half comes above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold(float* d, int width, ReadOnlySpan<nint> offsets, ReadOnlySpan<int> owners, int firstLane, int laneCount, float* node)
    {
        if (laneCount == 1 || offsets.IsEmpty)
        {
            SumLane(d, width, offsets, node);
            return;
        }

        var middle = firstLane + (laneCount / 2);
        var split = 0;
        while (split < owners.Length && owners[split] < middle)
        {
            split++;
        }

        var right = node + PackedMatrix.PanelWidth;
        Fold(d, width, offsets[..split], owners[..split], firstLane, laneCount / 2, node);
        Fold(d, width, offsets[split..], owners[split..], middle, laneCount / 2, right);
        for (var i = 0; i < PackedMatrix.PanelWidth; i += TVector.Count)
        {
            (TVector.Load(node + i) + TVector.Load(right + i)).Store(node + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumLane(float* d, int width, ReadOnlySpan<nint> offsets, float* sums)
    {
        var whole = width / TVector.Count * TVector.Count;
        for (var i = 0; i < whole; i += TVector.Count)
        {
            var sum = TVector.Zero;
            foreach (var offset in offsets)
            {
                sum += TVector.Load(d + offset + i);
            }

            sum.Store(sums + i);
        }

        for (var i = whole; i < PackedMatrix.PanelWidth; i++)
        {
            var sum = 0f;
            if (i < width)
            {
                foreach (var offset in offsets)
                {
                    sum += d[offset + i];
                }
            }

            sums[i] = sum;
        }
    }
}
