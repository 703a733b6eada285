using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Protocol;

/// <summary>What the training job says to the parties of its run, and they to it. It is in no step's path.</summary>
public static class JobProtocol
{
    /// <summary>Item reports in one message at most (P13).</summary>
    public const int ReportsPerMessage = 64;

    /// <summary>Late workers, and late shards, in one message at most (P13).</summary>
    public const int LatePartiesPerMessage = 16;

    /// <summary>A worker, the node that it computes on, and its lanes, ascending.</summary>
    public sealed record LaneOwner(WorkerId Worker, NodeId Node, ImmutableArray<int> Lanes);

    /// <summary>
    /// Job to barrier: which worker owns which lanes, one entry a worker, also of those that own none. The
    /// generation only numbers assignments (P2). Said again until <see cref="AssignmentTaken"/>.
    /// </summary>
    public sealed record Assign(Epoch Epoch, long Generation, ImmutableArray<LaneOwner> Owners);

    /// <summary>Barrier to job: it follows this generation, or a later one.</summary>
    public sealed record AssignmentTaken(Epoch Epoch, long Generation);

    /// <summary>
    /// Barrier to worker: compute these lanes from <paramref name="FirstItem"/> on; all items before it are
    /// committed. Said again on a timer to a worker whose results are missing. An older generation is ignored;
    /// a newer epoch makes the worker forget its own (P1), a later attempt what it has computed (P11).
    /// </summary>
    public sealed record AssignLanes(Epoch Epoch, long Generation, long FirstItem, ImmutableArray<int> Lanes, int Attempt = 0);

    /// <summary>What a committed item came to.</summary>
    /// <param name="Training">A training step; else a validation batch.</param>
    /// <param name="Step">Training steps applied once the item is committed.</param>
    /// <param name="Sums">Of this item.</param>
    /// <param name="Recent">
    /// Training: of the last 32 steps. Validation: of the batches of this validation so far. A function
    /// of the item, whatever was repeated.
    /// </param>
    /// <param name="Norm">Norm of the mean gradient before clipping; 0 for a validation.</param>
    /// <param name="EndsValidation">The last batch of a validation.</param>
    public readonly record struct ItemReport(
        long Item, bool Training, long Step, LossSums Sums, LossSums Recent, double Norm, double LearningRate, bool EndsValidation);

    /// <summary>
    /// Barrier to job: committed items, consecutive and ascending; said again until <see cref="ReportsSeen"/>.
    /// Keyed by (timeline, item), so that a repeat is seen once (P8).
    /// </summary>
    public sealed record ItemsReported(Epoch Epoch, ImmutableArray<ItemReport> Items);

    /// <summary>Job to barrier: the reports of this item and all before it were seen.</summary>
    public sealed record ReportsSeen(Epoch Epoch, long Item);

    /// <summary>
    /// Barrier to job: for whom the item waits longer than is usual (P7), when that changes and every second
    /// while it lasts; nobody named: for nobody any more. The item's own report says as much.
    /// </summary>
    /// <param name="Item">The item that is to be committed next.</param>
    /// <param name="Workers">At most <see cref="LatePartiesPerMessage"/>, like the shards.</param>
    /// <param name="Checkpoint">That is to be stored first; null: none.</param>
    public sealed record LanesLate(
        Epoch Epoch, long Item, ImmutableArray<LateWorker> Workers, ImmutableArray<LateShard> Shards, LateCheckpoint? Checkpoint = null);

    /// <summary>A worker whose results are late.</summary>
    /// <param name="Lanes">Those that are missing, ascending.</param>
    /// <param name="Seconds">Whole seconds beyond the usual time.</param>
    /// <param name="Copier">Who computes the lanes too; null: nobody.</param>
    public readonly record struct LateWorker(
        WorkerId Worker, NodeId Node, ImmutableArray<int> Lanes, int Seconds, WorkerId? Copier);

    /// <summary>A shard that does not answer, though all that it needs is there.</summary>
    /// <param name="Seconds">Whole seconds beyond the usual time.</param>
    public readonly record struct LateShard(int Shard, int Seconds);

    /// <summary>A checkpoint that is not stored yet, without which no further step may be committed (P9).</summary>
    /// <param name="Step">Training steps applied where it stands.</param>
    /// <param name="Seconds">Whole seconds that the item has waited for it.</param>
    public readonly record struct LateCheckpoint(long Step, int Seconds);

    /// <summary>
    /// Shard or barrier to job: a part of the checkpoint after the item is durable and was read back (P9).
    /// Said again until <see cref="CheckpointSettled"/>.
    /// </summary>
    /// <param name="Part">"shard-0", …, or "lanes".</param>
    public sealed record PartSaved(Epoch Epoch, long Item, string Part, string Sha256);

    /// <summary>A part could not be stored; training goes on (P9). Said again until <see cref="CheckpointSettled"/>.</summary>
    public sealed record PartFailed(Epoch Epoch, long Item, string Part, string Reason);

    /// <summary>Job to barrier and shards: the checkpoint after this item is recorded, or given up; the next may start.</summary>
    public sealed record CheckpointSettled(Epoch Epoch, long Item, bool Recorded);

    /// <summary>
    /// Job to barrier: checkpoint at the next edge of a training step and commit nothing after it (pause,
    /// drain). Said again until <see cref="Held"/>.
    /// </summary>
    public sealed record HoldAtEdge(Epoch Epoch);

    /// <summary>Barrier to job, on a timer: nothing is committed after this item, which carries a checkpoint.</summary>
    public sealed record Held(Epoch Epoch, long Item);

    /// <summary>Barrier to job, on a timer: the item's numbers are not finite, computed again or not; nothing was committed (P11).</summary>
    public sealed record BadNumbers(Epoch Epoch, long Item, string Reason);

    /// <summary>
    /// Barrier to job: the node has computed lanes of an item to numbers that are not finite, and another has not
    /// (P11). Said again until <see cref="WrongNodeSeen"/>.
    /// </summary>
    /// <param name="Step">The training step that the item makes, from 1.</param>
    public sealed record NodeWrong(Epoch Epoch, long Step, NodeId Node);

    /// <summary>Job to barrier: it knows, and deals the node no lanes as long as there is another.</summary>
    public sealed record WrongNodeSeen(Epoch Epoch, NodeId Node);

    /// <summary>To the job: a worker of this job is there and will take lanes from the next step (P7).</summary>
    /// <param name="Node">Where it computes.</param>
    public sealed record WorkerJoined(WorkerId Worker, NodeId Node);

    /// <summary>
    /// To the job: the worker is not to be reached, for now or for good (P7). It may join again under the
    /// same id while it lives; one that was started anew has a new id.
    /// </summary>
    public sealed record WorkerLost(WorkerId Worker);

    /// <summary>To the job: a shard or the barrier of this epoch is gone, which ends the incarnation (P8).</summary>
    public sealed record PartyLost(Epoch Epoch, string Reason);

    /// <summary>To the job: a part of the checkpoint this epoch starts from cannot be read or has another hash.</summary>
    public sealed record CheckpointUnreadable(Epoch Epoch, string Part, string Reason);

    /// <summary>To the job: the final weights are published, and this is their hash (B13, P10).</summary>
    public sealed record ModelPublished(Epoch Epoch, string WeightsSha256);
}
