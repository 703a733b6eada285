using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// A stretch of a lane's chain (B3): <paramref name="Rows"/> rows from <paramref name="Row"/> on, of each of
/// <paramref name="Steps"/> time steps from <paramref name="Time"/> down.
/// </summary>
internal readonly record struct GradientPiece(int Time, int Steps, int Row, int Rows)
{
    public int Positions => Steps * Rows;

    /// <summary>Pieces of a lane of at most <paramref name="largest"/> rows; one without rows for an empty lane.</summary>
    public static int Count(LaneRows lane, int time, int largest)
    {
        var (steps, chunks, _) = Cut(lane.RowCount, largest);
        return Math.Max(1, (time + steps - 1) / steps * chunks);
    }

    /// <summary>Piece number <paramref name="index"/> along the chain.</summary>
    public static GradientPiece At(LaneRows lane, int time, int largest, int index)
    {
        var (steps, chunks, rows) = Cut(lane.RowCount, largest);
        var done = index / Math.Max(chunks, 1) * steps;
        var first = index % Math.Max(chunks, 1) * rows;
        return new(time - 1 - done, Math.Min(steps, time - done), lane.FirstRow + first, Math.Min(rows, lane.RowCount - first));
    }

    /// <summary>Whole steps where they fit, else steps in chunks of about equal size.</summary>
    private static (int Steps, int Chunks, int Rows) Cut(int rowCount, int largest)
    {
        var chunks = (rowCount + largest - 1) / largest;
        var rows = chunks == 0 ? 0 : (rowCount + chunks - 1) / chunks;
        return (chunks == 1 ? largest / rows : 1, chunks, rows);
    }
}
