using ActorTrainer.Numerics.Networks;

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

    /// <summary>Its lanes among those of a batch, which ascend.</summary>
    internal ReadOnlySpan<LaneRows> LanesIn(ReadOnlySpan<LaneRows> lanes)
    {
        var first = 0;
        while (first < lanes.Length && lanes[first].Lane < First)
        {
            first++;
        }

        var end = first;
        while (end < lanes.Length && lanes[end].Lane < End)
        {
            end++;
        }

        return lanes[first..end];
    }

    public override string ToString() => $"[{First},{End})";
}
