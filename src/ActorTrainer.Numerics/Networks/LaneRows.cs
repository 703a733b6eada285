namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// A lane's rows within a batch: contiguous, and the lanes of a batch ascend. A lane that the plan
/// leaves empty has no rows and adds +0 (B4).
/// </summary>
public readonly record struct LaneRows(int Lane, int FirstRow, int RowCount)
{
    /// <summary>One past the lane's last row.</summary>
    public int EndRow => FirstRow + RowCount;
}
