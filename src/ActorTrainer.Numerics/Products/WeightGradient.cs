using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>Gradients of weights and biases, summed over rows and time per lane, and over lanes by the tree.</summary>
public static unsafe class WeightGradient<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>
    /// weights[i, j] = Σ x[t, r, i] · d[t, r, j] over the block's lanes. A lane's chain starts at +0 and
    /// runs over time descending, rows ascending, fma(x, d, ·) (B3); lanes are added along the tree, one
    /// without rows as +0 (B4).
    /// </summary>
    /// <param name="x">[time × rows × inputs] what entered the layer. For the hidden state that entered, the pointer to the state before the first step.</param>
    /// <param name="inputs">Rows of the weight matrix.</param>
    /// <param name="d">[time × rows × columns.Columns] gradients of the layer's pre-activations.</param>
    /// <param name="columns">Where the columns of <paramref name="d"/> stand in the weight matrix; padding is left out.</param>
    /// <param name="time">Time steps.</param>
    /// <param name="lanes">Where each lane's rows are; lanes outside the block are not looked at.</param>
    /// <param name="block">The node of the tree to compute.</param>
    /// <param name="weights">[inputs × stride] receives the sums, dense; wholly overwritten.</param>
    /// <param name="stride">Floats from a row of <paramref name="weights"/> to the next.</param>
    /// <param name="bias">[columns.DenseColumns] receives the sums of <paramref name="d"/>, as if x were 1; or null.</param>
    /// <param name="workspace">Memory; nothing is kept in it between calls.</param>
    /// <exception cref="ArgumentException">The workspace is too small.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(
        TimeMajor x,
        int inputs,
        TimeMajor d,
        ColumnOrder columns,
        int time,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* weights,
        nint stride,
        float* bias,
        GradientWorkspace workspace)
    {
        var own = LanesOf(block, lanes);
        var positions = 0;
        foreach (var lane in own)
        {
            positions += lane.RowCount * time;
        }

        if (positions > workspace.Positions || inputs > workspace.Inputs || block.Count > workspace.Lanes)
        {
            throw new ArgumentException(
                $"the workspace holds {workspace.Positions} rows of {workspace.Inputs} inputs in {workspace.Lanes} lanes; "
                + $"{positions} of {inputs} in {block.Count} were given",
                nameof(workspace));
        }

        PackInputs(x, inputs, time, own, positions, workspace.PackedInputs);
        var (blockInputs, blockPanels) = GradientWorkspace.BlockOf(positions);
        var panels = (columns.Columns + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth;
        for (var panel = 0; panel < panels; panel += blockPanels)
        {
            var count = Math.Min(blockPanels, panels - panel);
            var column = panel * PackedMatrix.PanelWidth;
            PackPanels(d, column, Math.Min(count * PackedMatrix.PanelWidth, columns.Columns - column), time, own, positions, workspace.Panels);
            for (var i = 0; bias != null && i < count; i++)
            {
                FoldBias(own, block, time, workspace.Panels + ((nint)i * positions * PackedMatrix.PanelWidth), workspace.Stack);
                StoreRow(workspace.Stack, columns, column + (i * PackedMatrix.PanelWidth), bias);
            }

            for (var input = 0; input < inputs; input += blockInputs)
            {
                var height = Math.Min(blockInputs, inputs - input);
                FoldTiles(own, block, time, positions, workspace.PackedInputs + ((nint)input * positions), height, count, workspace);
                StoreTiles(workspace.Stack, columns, column, count, height, weights + (input * stride), stride);
            }
        }
    }

    /// <summary>The lanes of a block that the batch holds.</summary>
    internal static ReadOnlySpan<LaneRows> LanesOf(LaneBlock block, ReadOnlySpan<LaneRows> lanes)
    {
        var first = 0;
        while (first < lanes.Length && lanes[first].Lane < block.First)
        {
            first++;
        }

        var end = first;
        while (end < lanes.Length && lanes[end].Lane < block.End)
        {
            end++;
        }

        return lanes[first..end];
    }

    /// <summary>
    /// Strips of 8 inputs in the order of the chains, [inputs/8 × positions × 8]. A few strips are filled
    /// in one pass: whole cache lines are read, and few places written at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackInputs(TimeMajor x, int inputs, int time, ReadOnlySpan<LaneRows> lanes, nint positions, float* packed)
    {
        const int Strips = 4;
        const int Width = GradientWorkspace.TileInputs;
        for (var input = 0; input < inputs; input += Strips * Width)
        {
            var width = Math.Min(Strips * Width, inputs - input);
            var target = packed + (input * positions);
            foreach (var lane in lanes)
            {
                for (var t = time - 1; t >= 0; t--)
                {
                    var source = x.Row(t, lane.FirstRow) + input;
                    for (var row = 0; row < lane.RowCount; row++, source += x.RowStride, target += Width)
                    {
                        Prefetch(source + (PrefetchRows * x.RowStride));
                        Prefetch(source + (PrefetchRows * x.RowStride) + 16);
                        var strip = target;
                        var i = 0;
                        for (; i <= width - Width; i += Width, strip += positions * Width)
                        {
                            Vector256.Load(source + i).Store(strip);
                        }

                        for (var j = 0; i < width && j < Width; j++)
                        {
                            strip[j] = i + j < width ? source[i + j] : 0f;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Panels of 32 columns in the order of the chains, [panels × positions × 32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels(
        TimeMajor d, int column, int width, int time, ReadOnlySpan<LaneRows> lanes, nint positions, float* packed)
    {
        const int Width = PackedMatrix.PanelWidth;
        foreach (var lane in lanes)
        {
            for (var t = time - 1; t >= 0; t--)
            {
                var source = d.Row(t, lane.FirstRow) + column;
                for (var row = 0; row < lane.RowCount; row++, source += d.RowStride, packed += Width)
                {
                    var panel = packed;
                    var i = 0;
                    for (; i <= width - Width; i += Width, panel += positions * Width)
                    {
                        var ahead = source + (PrefetchRows * d.RowStride) + i;
                        Prefetch(ahead);
                        Prefetch(ahead + 16);
                        Vector512.Load(source + i).Store(panel);
                        Vector512.Load(source + i + 16).Store(panel + 16);
                    }

                    for (var j = 0; i < width && j < Width; j++)
                    {
                        panel[j] = i + j < width ? source[i + j] : 0f;
                    }
                }
            }
        }
    }

    /// <summary>Rows stand far apart, so the processor does not guess the next ones itself.</summary>
    private const int PrefetchRows = 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>
    /// A group of tiles of the block's sum, [inputs/8 × panels], left in the first group of the stack. A
    /// lane's rows are taken in pieces that stay in the first cache while every tile of the group uses them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldTiles(
        ReadOnlySpan<LaneRows> lanes, LaneBlock block, int time, nint positions, float* x, int inputs, int panels, GradientWorkspace workspace)
    {
        var strips = (inputs + GradientWorkspace.TileInputs - 1) / GradientWorkspace.TileInputs;
        var floats = (nint)strips * panels * GradientWorkspace.TileFloats;
        var leaf = workspace.Stack;
        nint first = 0;
        var next = 0;
        for (var lane = 0; lane < block.Count; lane++)
        {
            nint rows = 0;
            if (next < lanes.Length && lanes[next].Lane == block.First + lane)
            {
                rows = (nint)lanes[next++].RowCount * time;
            }

            if (rows == 0)
            {
                new Span<float>(leaf, (int)floats).Clear();
            }

            for (nint done = 0; done < rows; done += GradientWorkspace.Piece)
            {
                var piece = Math.Min(GradientWorkspace.Piece, rows - done);
                var tile = leaf;
                for (var panel = 0; panel < panels; panel++)
                {
                    var gradients = workspace.Panels + (((panel * positions) + first + done) * PackedMatrix.PanelWidth);
                    for (var strip = 0; strip < strips; strip++, tile += GradientWorkspace.TileFloats)
                    {
                        var values = x + (((strip * positions) + first + done) * GradientWorkspace.TileInputs);
                        Tile(piece, values, gradients, done == 0 ? null : tile, tile, workspace.Zeros);
                    }
                }
            }

            first += rows;
            leaf = LaneTree.Carry<TVector>(workspace.Stack, lane, floats);
        }
    }

    /// <summary>One tile over a piece of a lane, going on from <paramref name="held"/>, or from +0 when it is null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(nint rows, float* x, float* d, float* held, float* tile, float* zeros)
    {
        const int Quarter = 4 * PackedMatrix.PanelWidth;
        var stride = held == null ? 0 : PackedMatrix.PanelWidth;
        var start = held == null ? zeros : held;
        var lower = held == null ? zeros : held + Quarter;
        for (var strip = 0; strip < PackedMatrix.PanelWidth; strip += 2 * TVector.Count)
        {
            if (TVector.Count == 16)
            {
                GradientTile<TVector>.Inputs8(rows, x, d + strip, start + strip, stride, tile + strip);
            }
            else
            {
                // Eight accumulators: narrower machines have sixteen registers.
                GradientTile<TVector>.Inputs4(rows, x, d + strip, start + strip, stride, tile + strip);
                GradientTile<TVector>.Inputs4(rows, x + 4, d + strip, lower + strip, stride, tile + Quarter + strip);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldBias(ReadOnlySpan<LaneRows> lanes, LaneBlock block, int time, float* panel, float* stack)
    {
        var leaf = stack;
        var next = 0;
        for (var lane = 0; lane < block.Count; lane++)
        {
            nint rows = 0;
            if (next < lanes.Length && lanes[next].Lane == block.First + lane)
            {
                rows = (nint)lanes[next++].RowCount * time;
            }

            for (var strip = 0; strip < PackedMatrix.PanelWidth; strip += 2 * TVector.Count)
            {
                var (first, second) = (TVector.Zero, TVector.Zero);
                var place = panel + strip;
                for (nint row = 0; row < rows; row++, place += PackedMatrix.PanelWidth)
                {
                    first += TVector.Load(place);
                    second += TVector.Load(place + TVector.Count);
                }

                first.Store(leaf + strip);
                second.Store(leaf + strip + TVector.Count);
            }

            panel += rows * PackedMatrix.PanelWidth;
            leaf = LaneTree.Carry<TVector>(stack, lane, PackedMatrix.PanelWidth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreTiles(float* tiles, ColumnOrder columns, int column, int panels, int inputs, float* weights, nint stride)
    {
        for (var panel = 0; panel < panels; panel++, column += PackedMatrix.PanelWidth)
        {
            for (var input = 0; input < inputs; input++)
            {
                StoreRow(tiles + (input * PackedMatrix.PanelWidth), columns, column, weights + (input * stride));
            }

            tiles += (nint)(inputs + GradientWorkspace.TileInputs - 1) / GradientWorkspace.TileInputs * GradientWorkspace.TileFloats;
        }
    }

    /// <summary>Puts 32 working columns from <paramref name="column"/> on to their places in a dense row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void StoreRow(float* values, ColumnOrder columns, int column, float* row)
    {
        var end = Math.Min(column + PackedMatrix.PanelWidth, columns.Columns);
        for (; column < end; column += ColumnOrder.RunLength, values += ColumnOrder.RunLength)
        {
            var run = columns.Runs[column / ColumnOrder.RunLength];
            if (run >= 0)
            {
                Vector512.Load(values).Store(row + run);
                continue;
            }

            var last = Math.Min(column + ColumnOrder.RunLength, end);
            for (var j = column; j < last; j++)
            {
                var source = columns.Sources[j];
                if (source >= 0)
                {
                    row[source] = values[j - column];
                }
            }
        }
    }
}
