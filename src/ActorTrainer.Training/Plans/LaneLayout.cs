using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Plans;

/// <summary>
/// Which rows of a batch belong to which lane: row r of B to lane ⌊r·L/B⌋. A lane's rows are
/// consecutive. The batch's full size decides, also when a short batch has fewer rows; with B &lt; L some
/// lanes have none. Nobody sends an empty lane: it is +0, added by whoever folds (B4, P3).
/// </summary>
public sealed record LaneLayout
{
    /// <exception cref="ArgumentOutOfRangeException">The batch is empty, or the lanes are no power of two.</exception>
    public LaneLayout(int batchSize, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (lanes < 1 || !int.IsPow2(lanes))
        {
            throw new ArgumentOutOfRangeException(nameof(lanes), lanes, "The number of lanes must be a power of two.");
        }

        (BatchSize, Lanes) = (batchSize, lanes);
    }

    public int BatchSize { get; }

    public int Lanes { get; }

    /// <summary>The root of the reduction tree: every lane.</summary>
    public LaneBlock All => new(0, Lanes);

    public int LaneOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, BatchSize);
        return (int)((long)row * Lanes / BatchSize);
    }

    /// <summary>The lane's rows in a full batch.</summary>
    public RowRange Rows(int lane) => Rows(lane, BatchSize);

    /// <summary>The lane's rows among the first <paramref name="present"/> of the batch; those missing count 0 (B10).</summary>
    public RowRange Rows(int lane, int present) => Rows(new LaneBlock(lane, 1), present);

    /// <summary>The rows of a whole block of lanes, which are consecutive as well.</summary>
    public RowRange Rows(LaneBlock block, int present)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block.First, nameof(block));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.End, Lanes, nameof(block));
        ArgumentOutOfRangeException.ThrowIfNegative(present);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(present, BatchSize);
        var first = Math.Min(FirstRow(block.First), present);
        return new RowRange(first, Math.Min(FirstRow(block.End), present) - first);
    }

    /// <summary>Whether none of the lane's rows are among the first <paramref name="present"/>.</summary>
    public bool IsEmpty(int lane, int present) => Rows(lane, present).IsEmpty;

    // The smallest r with r·L/B ≥ lane.
    private int FirstRow(int lane) => (int)((((long)lane * BatchSize) + Lanes - 1) / Lanes);
}
