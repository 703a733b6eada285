using System.Runtime.Intrinsics;
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
        for (var column = 0; column < columns.Columns; column += PackedMatrix.PanelWidth)
        {
            PackPanel(d, Math.Min(PackedMatrix.PanelWidth, columns.Columns - column), column, time, own, workspace.Panel);
            if (bias != null)
            {
                FoldBias(own, block, time, workspace);
                StoreRow(workspace.Stack, columns, column, bias);
            }

            for (var input = 0; input < inputs; input += GradientWorkspace.TileInputs)
            {
                FoldTile(own, block, time, workspace.PackedInputs + ((nint)input * positions), workspace);
                var rows = Math.Min(GradientWorkspace.TileInputs, inputs - input);
                for (var row = 0; row < rows; row++)
                {
                    StoreRow(workspace.Stack + (row * PackedMatrix.PanelWidth), columns, column, weights + ((input + row) * stride));
                }
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

    private static void PackInputs(TimeMajor x, int inputs, int time, ReadOnlySpan<LaneRows> lanes, int positions, float* packed)
    {
        for (var input = 0; input < inputs; input += GradientWorkspace.TileInputs)
        {
            var width = Math.Min(GradientWorkspace.TileInputs, inputs - input);
            foreach (var lane in lanes)
            {
                for (var t = time - 1; t >= 0; t--)
                {
                    var source = x.Row(t, lane.FirstRow) + input;
                    for (var row = 0; row < lane.RowCount; row++, source += x.RowStride, packed += GradientWorkspace.TileInputs)
                    {
                        if (width == GradientWorkspace.TileInputs)
                        {
                            Vector256.Load(source).Store(packed);
                            continue;
                        }

                        for (var i = 0; i < GradientWorkspace.TileInputs; i++)
                        {
                            packed[i] = i < width ? source[i] : 0f;
                        }
                    }
                }
            }
        }
    }

    private static void PackPanel(TimeMajor d, int width, int column, int time, ReadOnlySpan<LaneRows> lanes, float* panel)
    {
        foreach (var lane in lanes)
        {
            for (var t = time - 1; t >= 0; t--)
            {
                var source = d.Row(t, lane.FirstRow) + column;
                for (var row = 0; row < lane.RowCount; row++, source += d.RowStride, panel += PackedMatrix.PanelWidth)
                {
                    if (width == PackedMatrix.PanelWidth)
                    {
                        Vector512.Load(source).Store(panel);
                        Vector512.Load(source + 16).Store(panel + 16);
                        continue;
                    }

                    for (var i = 0; i < PackedMatrix.PanelWidth; i++)
                    {
                        panel[i] = i < width ? source[i] : 0f;
                    }
                }
            }
        }
    }

    /// <summary>One tile of the block's sum, left in the first tile of the stack.</summary>
    private static void FoldTile(ReadOnlySpan<LaneRows> lanes, LaneBlock block, int time, float* x, GradientWorkspace workspace)
    {
        var panel = workspace.Panel;
        var leaf = workspace.Stack;
        var next = 0;
        for (var lane = 0; lane < block.Count; lane++)
        {
            nint positions = 0;
            if (next < lanes.Length && lanes[next].Lane == block.First + lane)
            {
                positions = (nint)lanes[next++].RowCount * time;
            }

            for (var strip = 0; strip < PackedMatrix.PanelWidth; strip += 2 * TVector.Count)
            {
                if (TVector.Count == 16)
                {
                    GradientTile<TVector>.Inputs8(1, positions, x, GradientWorkspace.TileInputs, 0, panel + strip, leaf + strip);
                }
                else
                {
                    GradientTile<TVector>.Inputs4(1, positions, x, GradientWorkspace.TileInputs, 0, panel + strip, leaf + strip);
                    GradientTile<TVector>.Inputs4(
                        1, positions, x + 4, GradientWorkspace.TileInputs, 0, panel + strip, leaf + strip + (4 * PackedMatrix.PanelWidth));
                }
            }

            x += positions * GradientWorkspace.TileInputs;
            panel += positions * PackedMatrix.PanelWidth;
            leaf = LaneTree.Carry<TVector>(workspace.Stack, lane, GradientWorkspace.TileFloats);
        }
    }

    private static void FoldBias(ReadOnlySpan<LaneRows> lanes, LaneBlock block, int time, GradientWorkspace workspace)
    {
        var panel = workspace.Panel;
        var leaf = workspace.Stack;
        var next = 0;
        for (var lane = 0; lane < block.Count; lane++)
        {
            nint positions = 0;
            if (next < lanes.Length && lanes[next].Lane == block.First + lane)
            {
                positions = (nint)lanes[next++].RowCount * time;
            }

            for (var strip = 0; strip < PackedMatrix.PanelWidth; strip += TVector.Count)
            {
                var sum = TVector.Zero;
                for (nint position = 0; position < positions; position++)
                {
                    sum += TVector.Load(panel + strip + (position * PackedMatrix.PanelWidth));
                }

                sum.Store(leaf + strip);
            }

            panel += positions * PackedMatrix.PanelWidth;
            leaf = LaneTree.Carry<TVector>(workspace.Stack, lane, PackedMatrix.PanelWidth);
        }
    }

    /// <summary>Puts 32 working columns from <paramref name="column"/> on to their places in a dense row.</summary>
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
