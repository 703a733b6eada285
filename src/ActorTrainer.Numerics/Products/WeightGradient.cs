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

        var few = positions <= GradientWorkspace.FewPositions;
        PackInputs(x, inputs, time, own, few ? positions : GradientWorkspace.Piece, workspace.PackedInputs);
        var sums = new Sums(columns, weights, stride, bias);
        if (few)
        {
            ByTiles(inputs, d, time, own, block, sums, workspace);
        }
        else
        {
            ByGroups(inputs, d, time, own, block, sums, workspace);
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
    /// The left side in the order of the chains, piece after piece: [inputs/8 × rows of the piece × 8]. So
    /// a piece is one stretch of memory, which a cache holds whatever the number of rows.
    /// </summary>
    private static void PackInputs(TimeMajor x, int inputs, int time, ReadOnlySpan<LaneRows> lanes, int largestPiece, float* packed)
    {
        foreach (var lane in lanes)
        {
            var rows = lane.RowCount * time;
            for (var done = 0; done < rows; done += largestPiece)
            {
                var piece = Math.Min(largestPiece, rows - done);
                PackPiece(x, inputs, time, lane, done, piece, packed);
                packed += (nint)piece * GradientWorkspace.Padded(inputs);
            }
        }
    }

    /// <summary>A few strips are filled in one pass: whole cache lines are read, and few places written at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPiece(TimeMajor x, int inputs, int time, LaneRows lane, int first, int count, float* packed)
    {
        const int Strips = 4;
        const int Width = GradientWorkspace.TileInputs;
        for (var input = 0; input < inputs; input += Strips * Width)
        {
            var width = Math.Min(Strips * Width, inputs - input);
            var target = packed + ((nint)input * count);
            var left = count;
            var (t, row) = (time - 1 - (first / lane.RowCount), first % lane.RowCount);
            for (; left > 0; t--, row = 0)
            {
                var source = x.Row(t, lane.FirstRow + row) + input;
                for (; row < lane.RowCount && left > 0; row++, left--, source += x.RowStride, target += Width)
                {
                    Prefetch(source + (PrefetchRows * x.RowStride));
                    Prefetch(source + (PrefetchRows * x.RowStride) + 16);
                    var strip = target;
                    var i = 0;
                    for (; i <= width - Width; i += Width, strip += (nint)count * Width)
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

    /// <summary>
    /// Panels of 32 columns, [panels × stride × 32]: <paramref name="count"/> rows of a lane from
    /// <paramref name="first"/> on, counted along its chain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels(TimeMajor d, int column, int width, int time, LaneRows lane, int first, int count, nint stride, float* packed)
    {
        const int Width = PackedMatrix.PanelWidth;
        if (count == 0)
        {
            return;
        }

        var (t, row) = (time - 1 - (first / lane.RowCount), first % lane.RowCount);
        for (; count > 0; t--, row = 0)
        {
            var source = d.Row(t, lane.FirstRow + row) + column;
            for (; row < lane.RowCount && count > 0; row++, count--, source += d.RowStride, packed += Width)
            {
                var panel = packed;
                var i = 0;
                for (; i <= width - Width; i += Width, panel += stride * Width)
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
    /// Few rows: a panel of all lanes is packed once, and each tile goes over all lanes, so that its lane
    /// tree stays in the first cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByTiles(
        int inputs, TimeMajor d, int time, ReadOnlySpan<LaneRows> lanes, LaneBlock block, Sums sums, GradientWorkspace workspace)
    {
        for (var column = 0; column < sums.Columns.Columns; column += PackedMatrix.PanelWidth)
        {
            var width = Math.Min(PackedMatrix.PanelWidth, sums.Columns.Columns - column);
            var panel = workspace.Panels;
            foreach (var lane in lanes)
            {
                PackPanels(d, column, width, time, lane, 0, lane.RowCount * time, 0, panel);
                panel += (nint)lane.RowCount * time * PackedMatrix.PanelWidth;
            }

            // The strip before the first is the bias.
            for (var input = sums.Bias == null ? 0 : -GradientWorkspace.TileInputs; input < inputs; input += GradientWorkspace.TileInputs)
            {
                panel = workspace.Panels;
                var x = workspace.PackedInputs;
                var leaf = workspace.Stack;
                var next = 0;
                for (var lane = 0; lane < block.Count; lane++)
                {
                    var rows = RowsOf(lanes, ref next, block.First + lane) * time;
                    if (input < 0)
                    {
                        BiasTile(rows, panel, workspace.Zeros, leaf);
                    }
                    else
                    {
                        Tile(rows, width, x + ((nint)input * rows), panel, null, leaf, workspace.Zeros);
                    }

                    x += (nint)rows * GradientWorkspace.Padded(inputs);
                    panel += rows * PackedMatrix.PanelWidth;
                    leaf = LaneTree.Carry<TVector>(
                        workspace.Stack, lane, input < 0 ? PackedMatrix.PanelWidth : GradientWorkspace.TileFloats);
                }

                if (input < 0)
                {
                    StoreRow(workspace.Stack, sums.Columns, column, sums.Bias);
                }
                else
                {
                    StoreTiles(workspace.Stack, column, 1, Math.Min(GradientWorkspace.TileInputs, inputs - input), input, sums);
                }
            }
        }
    }

    /// <summary>
    /// Many rows: they are taken in pieces, and a group of tiles, [panels × inputs/8], uses each piece
    /// while it is in the second cache. The lane tree is of such groups.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByGroups(
        int inputs, TimeMajor d, int time, ReadOnlySpan<LaneRows> lanes, LaneBlock block, Sums sums, GradientWorkspace workspace)
    {
        const int Piece = GradientWorkspace.Piece;
        const int GroupColumns = GradientWorkspace.GroupPanels * PackedMatrix.PanelWidth;

        // One round without inputs when there is only a bias.
        for (var input = 0; input == 0 || input < inputs; input += GradientWorkspace.GroupInputs)
        {
            var height = Math.Min(GradientWorkspace.GroupInputs, inputs - input);
            var strips = (height + GradientWorkspace.TileInputs - 1) / GradientWorkspace.TileInputs;
            var withBias = input == 0 && sums.Bias != null;
            for (var column = 0; column < sums.Columns.Columns; column += GroupColumns)
            {
                var width = Math.Min(GroupColumns, sums.Columns.Columns - column);
                var panels = (width + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth;
                var floats = (nint)strips * panels * GradientWorkspace.TileFloats;
                var leaf = workspace.Stack;
                var biasLeaf = workspace.BiasStack;
                var packed = workspace.PackedInputs;
                var next = 0;
                for (var lane = 0; lane < block.Count; lane++)
                {
                    var rows = RowsOf(lanes, ref next, block.First + lane) * time;
                    if (rows == 0)
                    {
                        new Span<float>(leaf, (int)floats).Clear();
                        new Span<float>(biasLeaf, GroupColumns).Clear();
                    }

                    for (var done = 0; done < rows; done += Piece)
                    {
                        var piece = Math.Min(Piece, rows - done);
                        PackPanels(d, column, width, time, lanes[next - 1], done, piece, Piece, workspace.Panels);
                        var tile = leaf;
                        for (var panel = 0; panel < panels; panel++)
                        {
                            var gradients = workspace.Panels + ((nint)panel * Piece * PackedMatrix.PanelWidth);
                            if (withBias)
                            {
                                var place = biasLeaf + (panel * PackedMatrix.PanelWidth);
                                BiasTile(piece, gradients, done == 0 ? workspace.Zeros : place, place);
                            }

                            var left = width - (panel * PackedMatrix.PanelWidth);
                            var x = packed + ((nint)input * piece);
                            for (var strip = 0; strip < strips; strip++, tile += GradientWorkspace.TileFloats)
                            {
                                Tile(piece, left, x, gradients, done == 0 ? null : tile, tile, workspace.Zeros);
                                x += (nint)piece * GradientWorkspace.TileInputs;
                            }
                        }

                        packed += (nint)piece * GradientWorkspace.Padded(inputs);
                    }

                    leaf = LaneTree.Carry<TVector>(workspace.Stack, lane, floats);
                    biasLeaf = LaneTree.Carry<TVector>(workspace.BiasStack, lane, GroupColumns);
                }

                StoreTiles(workspace.Stack, column, panels, height, input, sums);
                for (var panel = 0; withBias && panel < panels; panel++)
                {
                    var place = panel * PackedMatrix.PanelWidth;
                    StoreRow(workspace.BiasStack + place, sums.Columns, column + place, sums.Bias);
                }
            }
        }
    }

    /// <summary>Rows of a lane; <paramref name="next"/> moves past it.</summary>
    private static int RowsOf(ReadOnlySpan<LaneRows> lanes, ref int next, int lane) =>
        next < lanes.Length && lanes[next].Lane == lane ? lanes[next++].RowCount : 0;

    /// <summary>
    /// One tile over a piece of a lane, going on from <paramref name="held"/>, or from +0 when it is null.
    /// Strips of padding alone are left as they are: nobody stores them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(nint rows, int width, float* x, float* d, float* held, float* tile, float* zeros)
    {
        const int Quarter = 4 * PackedMatrix.PanelWidth;
        var stride = held == null ? 0 : PackedMatrix.PanelWidth;
        var start = held == null ? zeros : held;
        var lower = held == null ? zeros : held + Quarter;
        for (var strip = 0; strip < PackedMatrix.PanelWidth && strip < width; strip += 2 * TVector.Count)
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

    /// <summary>The sums of 32 columns over a piece of a lane, going on from <paramref name="start"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BiasTile(nint rows, float* d, float* start, float* bias)
    {
        for (var strip = 0; strip < PackedMatrix.PanelWidth; strip += 2 * TVector.Count)
        {
            var first = TVector.Load(start + strip);
            var second = TVector.Load(start + strip + TVector.Count);
            var place = d + strip;
            for (var row = rows; row > 0; row--, place += PackedMatrix.PanelWidth)
            {
                first += TVector.Load(place);
                second += TVector.Load(place + TVector.Count);
            }

            first.Store(bias + strip);
            second.Store(bias + strip + TVector.Count);
        }
    }

    private static void StoreTiles(float* tiles, int column, int panels, int height, int input, Sums sums)
    {
        for (var panel = 0; panel < panels; panel++, column += PackedMatrix.PanelWidth)
        {
            for (var row = 0; row < height; row++)
            {
                StoreRow(tiles + (row * PackedMatrix.PanelWidth), sums.Columns, column, sums.Weights + ((input + row) * sums.Stride));
            }

            tiles += (nint)(height + GradientWorkspace.TileInputs - 1) / GradientWorkspace.TileInputs * GradientWorkspace.TileFloats;
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

    /// <summary>Where the sums go.</summary>
    private readonly struct Sums(ColumnOrder columns, float* weights, nint stride, float* bias)
    {
        public ColumnOrder Columns { get; } = columns;

        public float* Weights { get; } = weights;

        public nint Stride { get; } = stride;

        public float* Bias { get; } = bias;
    }
}
