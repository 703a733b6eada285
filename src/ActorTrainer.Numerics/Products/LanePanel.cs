using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>Tiles of a strip of inputs over a panel of 32 columns, for all rows of all lanes.</summary>
internal static unsafe class LanePanel<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>
    /// The strip of inputs from <paramref name="input"/> on, to its place in <paramref name="sums"/>. The
    /// first one copies d to the workspace's panel, which the others read, and sums the biases.
    /// </summary>
    internal static void Strip(
        in LaneChain chain, in TimeMajor x, int input, in TimeMajor d, int column, in GradientSums sums, GradientWorkspace workspace)
    {
        var strip = GradientInputs<TVector>.Width;
        var node = (nint)(strip + 1) * PackedMatrix.PanelWidth;
        var used = Math.Min(sums.Columns.UsedColumns - column, PackedMatrix.PanelWidth);
        var width = PackedMatrix.ComputedColumns<TVector>(used);
        // Nodes of the lane tree: a row of biases, then the inputs of a strip.
        float* panel = workspace.Panel, stack = workspace.Stack;
        var isDirect = sums.TakesDirectly(column, width, input, strip);
        var first = stack + PackedMatrix.PanelWidth;
        var root = isDirect ? sums.Place(column, input) : new TilePlace(first, first + ColumnOrder.RunLength, PackedMatrix.PanelWidth);
        if (input > 0)
        {
            Tile<LaterStrip>(chain, x, d, width, panel, first, node, root);
        }
        else if (column + width <= sums.Columns.Columns)
        {
            Tile<FirstStrip>(chain, x, d.From(0, 0, column), width, panel, first, node, root);
        }
        else
        {
            Tile<FirstStrip>(chain, x, CopyBesideZeros(chain, d, column, used, workspace.Edge), width, panel, first, node, root);
        }

        if (!isDirect)
        {
            sums.Store(stack, column, input, strip);
        }
        else if (input == 0)
        {
            sums.StoreBias(stack, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TStrip>(
        in LaneChain chain, in TimeMajor x, in TimeMajor d, int width, float* panel, float* stack, nint node, in TilePlace root)
        where TStrip : IGradientStrip
    {
        if (TVector.Count == 16 && width == PackedMatrix.PanelWidth)
        {
            LaneTile<TVector>.Inputs8<TStrip>(chain, x, d, panel, stack, node, root);
        }
        else if (TVector.Count == 16)
        {
            // Half a panel.
            var half = new TilePlace(root.Left, root.Left + V256.Count, root.Stride);
            LaneTile<V256>.Inputs8<TStrip>(chain, x, d, panel, stack, node, half);
        }
        else
        {
            for (var column = 0; column < width; column += 2 * TVector.Count)
            {
                // Two vectors never lie in both halves of a panel: these may go to different places.
                var first = (column < ColumnOrder.RunLength ? root.Left : root.Right) + (column % ColumnOrder.RunLength);
                var place = new TilePlace(first, first + TVector.Count, root.Stride);
                LaneTile<TVector>.Inputs6<TStrip>(chain, x, d.From(0, 0, column), panel + column, stack + column, node, place);
            }
        }
    }

    /// <summary>The last columns of d, which do not fill what is computed of their panel.</summary>
    private static TimeMajor CopyBesideZeros(in LaneChain chain, in TimeMajor d, int column, int used, float* edge)
    {
        var copy = chain.RowsOf(edge, PackedMatrix.PanelWidth);
        for (var t = 0; t < chain.Time; t++)
        {
            for (var row = chain.FirstRow; row < chain.EndRow; row++)
            {
                var place = copy.Row(t, row);
                Vector512<float>.Zero.Store(place);
                Vector512<float>.Zero.Store(place + ColumnOrder.RunLength);
                new ReadOnlySpan<float>(d.Row(t, row) + column, used).CopyTo(new Span<float>(place, used));
            }
        }

        return copy;
    }
}
