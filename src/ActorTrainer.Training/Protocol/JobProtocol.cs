using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Protocol;

/// <summary>What the training job says to the parties of its run, and they to it. It is in no step's path.</summary>
public static class JobProtocol
{
    /// <summary>Which worker owns which lanes. The generation only numbers assignments (P2).</summary>
    public sealed record Assignment(long Generation, ImmutableArray<LaneOwner> Lanes);

    /// <summary>A worker and its lanes, ascending.</summary>
    public sealed record LaneOwner(WorkerId Worker, ImmutableArray<int> Lanes);

    /// <summary>Job to worker: compute these lanes from <paramref name="FirstItem"/> on; an older generation is ignored.</summary>
    public sealed record AssignLanes(Epoch Epoch, long Generation, long FirstItem, ImmutableArray<int> Lanes);

    /// <summary>Barrier to job, after every committed item, in order; keyed by (timeline, item), so that a repeat is seen once (P8).</summary>
    public sealed record ItemReported(Epoch Epoch, long Item, LossSums Sums, double Norm, double LearningRate);

    /// <summary>Barrier to job: lanes whose results are late at the step's deadline (P7), and what was waited for.</summary>
    public sealed record LanesLate(Epoch Epoch, long Item, ImmutableArray<int> Lanes);

    /// <summary>Shard or barrier to job: a part of the checkpoint after the item is durable and was read back (P9).</summary>
    /// <param name="Part">"shard-0", …, or "lanes".</param>
    public sealed record PartSaved(Epoch Epoch, long Item, string Part, string Sha256);

    /// <summary>A part could not be stored; training goes on (P9).</summary>
    public sealed record PartFailed(Epoch Epoch, long Item, string Part, string Reason);

    /// <summary>Job to barrier: checkpoint at the next edge of a step and commit nothing after it (pause, drain).</summary>
    public sealed record HoldAtEdge(Epoch Epoch);

    /// <summary>Barrier to job: nothing is committed after this item, which carries a checkpoint.</summary>
    public sealed record Held(Epoch Epoch, long Item);

    /// <summary>Barrier to job: the item's numbers are not finite; nothing was committed (P11).</summary>
    public sealed record BadNumbers(Epoch Epoch, long Item, string Reason);
}
