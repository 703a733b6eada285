using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>Tiles of a strip of inputs over a panel of 32 columns, for a piece of a lane.</summary>
/// <remarks>
/// Structures are passed by reference: a copy would read with one wide load what several narrow stores
/// have just written, and wait until these have left the core.
/// </remarks>
internal static unsafe class GradientPanel<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>
    /// The first strip of inputs: it copies d, from <paramref name="column"/> on, to the
    /// <paramref name="panel"/> that the later strips read, and sums the biases.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void First(
        in GradientPiece piece, in TimeMajor x, in TimeMajor d, int column, ColumnOrder columns, float* panel, in TileSum sum)
    {
        var used = columns.UsedColumns - column;
        var source = d.From(piece.Time, piece.Row, column);
        if (column + PackedMatrix.ComputedColumns<TVector>(used) > columns.Columns)
        {
            CopyBesideZeros(piece, d, column, used, panel);
            source = new(panel, PackedMatrix.PanelWidth, -PackedMatrix.PanelWidth * piece.Rows);
        }

        Tile<FirstStrip>(piece, used, x, source, panel, sum);
    }

    /// <summary>Any other strip.</summary>
    /// <param name="used">Columns from the panel's first to the last that is wanted.</param>
    /// <param name="ahead">What is fetched early: one cache line at each row of the piece.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Later(in GradientPiece piece, in TimeMajor x, int used, in TimeMajor ahead, float* panel, in TileSum sum)
    {
        if (TVector.Count == 16)
        {
            Tile<LaterStrip>(piece, used, x, ahead, panel, sum);
        }
        else
        {
            // Copied strips stand without gaps: one loop, no stumbling at each step.
            Tile<LaterStrip>(piece with { Steps = 1, Rows = piece.Positions }, used, x, ahead, panel, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TStrip>(in GradientPiece piece, int used, in TimeMajor x, in TimeMajor other, float* panel, in TileSum sum)
        where TStrip : IGradientStrip
    {
        var width = PackedMatrix.ComputedColumns<TVector>(used);
        if (TVector.Count == 16 && width == PackedMatrix.PanelWidth)
        {
            GradientTile<TVector>.Inputs8<TStrip>(piece.Steps, piece.Rows, x, other, 0, panel, sum);
        }
        else if (TVector.Count == 16)
        {
            // Half a panel.
            GradientTile<V256>.Inputs8<TStrip>(piece.Steps, piece.Rows, x, other, 0, panel, sum);
        }
        else
        {
            for (var column = 0; column < width; column += 2 * TVector.Count)
            {
                GradientTile<TVector>.Inputs6<TStrip>(piece.Steps, piece.Rows, x, other, column, panel, sum);
            }
        }
    }

    /// <summary>The last columns of d, which do not fill what is computed of their panel.</summary>
    private static void CopyBesideZeros(in GradientPiece piece, in TimeMajor d, int column, int used, float* panel)
    {
        for (var t = piece.Time; t > piece.Time - piece.Steps; t--)
        {
            for (var row = piece.Row; row < piece.Row + piece.Rows; row++, panel += PackedMatrix.PanelWidth)
            {
                Vector512<float>.Zero.Store(panel);
                Vector512<float>.Zero.Store(panel + (PackedMatrix.PanelWidth / 2));
                var source = d.Row(t, row) + column;
                for (var i = 0; i < used; i++)
                {
                    panel[i] = source[i];
                }
            }
        }
    }
}
