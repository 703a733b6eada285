using System.Collections.Immutable;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The nodes of the lane tree that a worker sums its lanes into: as few and as large as there are. Lanes
/// without rows are +0 to everybody (P3), so a block may reach over them.
/// </summary>
internal static class GradientBlocks
{
    /// <param name="layout">The run's lanes.</param>
    /// <param name="present">Rows present in the item's batch.</param>
    /// <param name="lanes">Ascending, each with rows.</param>
    public static ImmutableArray<LaneBlock> Of(LaneLayout layout, int present, ImmutableArray<int> lanes)
    {
        var own = new bool[layout.Lanes];
        foreach (var lane in lanes)
        {
            own[lane] = true;
        }

        ImmutableArray<int> usable =
            [.. Enumerable.Range(0, layout.Lanes).Where(lane => own[lane] || layout.IsEmpty(lane, present))];
        return [.. AlignedBlocks.Of(usable.AsSpan()).Where(block => own.AsSpan(block.First, block.Count).Contains(true))];
    }
}
