namespace ActorTrainer.Numerics.Reduction;

/// <summary>
/// An aligned block of lanes, [<paramref name="First"/>, First + Count): Count is a power of two that
/// divides First. A node of the reduction tree (B4).
/// </summary>
public readonly record struct LaneBlock(int First, int Count)
{
    public int End => First + Count;

    public bool Contains(LaneBlock other) => First <= other.First && other.End <= End;

    public bool Contains(int lane) => First <= lane && lane < End;

    public override string ToString() => $"[{First},{End})";
}
