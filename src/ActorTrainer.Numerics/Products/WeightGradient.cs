using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>Gradients of weights and biases, summed over rows and time per lane, and over lanes by the tree.</summary>
public static unsafe class WeightGradient<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int LineFloats = AlignedBuffer.Alignment / sizeof(float);

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
        var own = block.LanesIn(lanes);
        var positions = own.IsEmpty ? 0 : (own[^1].EndRow - own[0].FirstRow) * time;

        if (positions > workspace.Positions || inputs > workspace.Inputs || block.Count > workspace.Lanes)
        {
            throw new ArgumentException(
                $"the workspace holds {workspace.Positions} rows of {workspace.Inputs} inputs in {workspace.Lanes} lanes; "
                + $"{positions} of {inputs} in {block.Count} were given",
                nameof(workspace));
        }

        var left = new GradientInputs<TVector>(x, inputs);
        var sums = new GradientSums(columns, weights, stride, inputs, bias);
        if (positions <= GradientWorkspace.FewPositions)
        {
            ByTiles(left, d, time, own, block, sums, workspace);
        }
        else
        {
            ByGroups(left, d, time, own, block, sums, workspace);
        }
    }

    /// <summary>
    /// Few rows: a panel of all lanes is packed once, and each tile goes over all lanes, so that its lane
    /// tree stays in the first cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByTiles(
        in GradientInputs<TVector> x, in TimeMajor d, int time, ReadOnlySpan<LaneRows> lanes, LaneBlock block, in GradientSums sums, GradientWorkspace workspace)
    {
        fixed (LaneRows* first = lanes)
        {
            var chain = new LaneChain(first, lanes.Length, block, time);
            var copied = x.Copy(chain, workspace.CopiedInputs);
            for (var column = 0; column < sums.Columns.UsedColumns; column += PackedMatrix.PanelWidth)
            {
                // One round without inputs when there is only a bias.
                for (var input = 0; input == 0 || input < x.Count; input += GradientInputs<TVector>.Width)
                {
                    sums.Fetch(column, input, GradientInputs<TVector>.Width);
                    LanePanel<TVector>.Strip(chain, x.Strip(chain, input, copied), input, d, column, sums, workspace);
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
        in GradientInputs<TVector> x, in TimeMajor d, int time, ReadOnlySpan<LaneRows> lanes, LaneBlock block, in GradientSums sums, GradientWorkspace workspace)
    {
        var strip = GradientInputs<TVector>.Width;
        var groupInputs = GroupSize(x.Count, strip, GradientWorkspace.GroupInputs);

        var copied = workspace.CopiedInputs;
        foreach (var lane in lanes)
        {
            for (var i = 0; i < GradientPiece.Count(lane, time, GradientWorkspace.Piece); i++)
            {
                var piece = GradientPiece.At(lane, time, GradientWorkspace.Piece, i);
                x.Copy(piece, copied);
                copied += (nint)piece.Positions * x.CopiedFloats;
            }
        }

        // One round without inputs when there is only a bias.
        for (var input = 0; input == 0 || input < x.Count; input += groupInputs)
        {
            var height = GroupSize(Math.Min(x.Count - input, groupInputs), strip, groupInputs);
            var panelFloats = (nint)(height + 1) * PackedMatrix.PanelWidth;
            var largest = (int)(GradientWorkspace.GroupFloats / panelFloats) * PackedMatrix.PanelWidth;
            var groupColumns = GroupSize(sums.Columns.UsedColumns, PackedMatrix.PanelWidth, largest);
            for (var column = 0; column < sums.Columns.UsedColumns; column += groupColumns)
            {
                var width = Math.Min(groupColumns, sums.Columns.UsedColumns - column);
                var panels = (width + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth;
                var node = panels * panelFloats;
                copied = workspace.CopiedInputs;
                var next = 0;
                for (var leaf = 0; leaf < block.Count; leaf++)
                {
                    var lane = NextLane(lanes, ref next, block.First + leaf);
                    var place = workspace.Stack + (LaneTree.Height(leaf) * node) + PackedMatrix.PanelWidth;
                    var pieces = GradientPiece.Count(lane, time, GradientWorkspace.Piece);
                    for (var i = 0; i < pieces; i++)
                    {
                        var piece = GradientPiece.At(lane, time, GradientWorkspace.Piece, i);
                        var folds = i == pieces - 1 ? LaneTree.Folds(leaf) : 0;
                        var sum = i == 0
                            ? new TileSum(workspace.Zeros, 0, place, folds, node)
                            : new TileSum(place, PackedMatrix.PanelWidth, place, folds, node);
                        var following = GradientPiece.At(lane, time, GradientWorkspace.Piece, Math.Min(i + 1, pieces - 1));
                        Group(piece, following, x, input, height, d, column, panels, sums.Columns, copied, sum, workspace);
                        copied += (nint)piece.Positions * x.CopiedFloats;
                    }
                }

                for (var panel = 0; panel < panels; panel++)
                {
                    sums.Store(workspace.Stack + (panel * panelFloats), column + (panel * PackedMatrix.PanelWidth), input, height);
                }
            }
        }
    }

    /// <summary>Inputs or columns of a group: whole strips or panels, the groups of about equal size.</summary>
    private static int GroupSize(int count, int unit, int largest)
    {
        var units = Math.Max(1, (count + unit - 1) / unit);
        var groups = (units + (largest / unit) - 1) / (largest / unit);
        return (units + groups - 1) / groups * unit;
    }

    /// <summary>One piece of a lane, all tiles of a group, panel after panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group(
        in GradientPiece piece,
        in GradientPiece following,
        in GradientInputs<TVector> x,
        int firstInput,
        int height,
        in TimeMajor d,
        int firstColumn,
        int panels,
        ColumnOrder columns,
        float* copied,
        TileSum sum,
        GradientWorkspace workspace)
    {
        var strip = GradientInputs<TVector>.Width;
        for (var panel = 0; panel < panels; panel++)
        {
            var column = firstColumn + (panel * PackedMatrix.PanelWidth);
            var isLast = panel == panels - 1;
            var (nextPiece, nextColumn) = isLast ? (following, firstColumn) : (piece, column + PackedMatrix.PanelWidth);
            for (var i = 0; i < height; i += strip)
            {
                var left = x.Strip(piece, firstInput + i, copied);
                if (i == 0)
                {
                    GradientPanel<TVector>.First(piece, left, d, column, columns, workspace.Panel, sum);
                }
                else
                {
                    // Every other strip fetches what comes next of x; those between fetch the two lines of d
                    // that the next panel copies, then the line of x that the next piece begins with. Copied
                    // strips alone keep narrower vectors busy.
                    var pair = i / (2 * strip);
                    var ahead = TVector.Count < 16 || i == pair * 2 * strip
                        ? x.Ahead(piece, firstInput + i, copied)
                        : pair < 2
                            ? d.From(nextPiece.Time, nextPiece.Row, nextColumn + (pair * LineFloats))
                            : x.From(nextPiece, firstInput);
                    GradientPanel<TVector>.Later(piece, left, columns.UsedColumns - column, ahead, workspace.Panel, sum);
                }

                sum = sum.Inputs(strip);
            }

            sum = sum.Inputs(1);
        }
    }

    /// <summary>The rows of a lane; <paramref name="next"/> moves past it.</summary>
    private static LaneRows NextLane(ReadOnlySpan<LaneRows> lanes, ref int next, int lane) =>
        next < lanes.Length && lanes[next].Lane == lane ? lanes[next++] : new(lane, 0, 0);
}
