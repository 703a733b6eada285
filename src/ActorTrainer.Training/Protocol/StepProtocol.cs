using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Protocol;

/// <summary>
/// How one item of the plan (a training step or a validation batch, P14) is carried out. Items are
/// numbered from 0 along the plan; every message names its epoch and item, and all of them are
/// idempotent (P6): whoever misses something says again what it has, or asks again.
/// </summary>
/// <remarks>
/// An attempt counts how often, in this life of the job, an item had to be computed again (P11). It only
/// grows. A message of an earlier one is as if it had never come; the first of a later one makes its
/// receiver forget what the earlier one brought.
/// </remarks>
public static class StepProtocol
{
    /// <summary>Lane results or states in one message at most (P13); more go in several.</summary>
    public const int LanesPerMessage = 256;

    /// <summary>
    /// Worker, or the node that folds for its workers, to shard: this lane block's gradient sum over the shard's
    /// range. Said again on a timer until the sender sees the item committed, which is the acknowledgement.
    /// Reply: <see cref="Stale"/> when the epoch is over, else none.
    /// </summary>
    public sealed record Offer(Epoch Epoch, long Item, int Shard, LaneBlock Block, Ticket Gradient, int Attempt = 0);

    /// <summary>
    /// Worker to its node, where several compute: this lane block's gradient sum over all parameters. The node
    /// folds it with those of its other workers and offers the sum (B4). Said again like an offer.
    /// </summary>
    public sealed record NodeOffer(Epoch Epoch, long Item, LaneBlock Block, Ticket Gradient, int Attempt = 0);

    /// <summary>
    /// Worker to its node: these lanes are its own from the item on, and all items before it are committed. When
    /// the lanes change, and on a timer.
    /// </summary>
    public sealed record LanesOwned(Epoch Epoch, long Item, WorkerId Worker, ImmutableArray<int> Lanes);

    /// <summary>
    /// Barrier to a worker that has reported all of its own lanes: their owner is late, compute these too, for
    /// this item only (P7). Said again on a timer while they are missing. Whoever is first, counts.
    /// </summary>
    public sealed record CopyLanes(Epoch Epoch, long Item, ImmutableArray<int> Lanes, int Attempt = 0);

    /// <summary>
    /// Shard to barrier, about once a second while its tree is not whole: the lanes that no offer has covered. A
    /// lane that was reported may not have been offered.
    /// </summary>
    /// <param name="Missing">The maximal aligned blocks of them, ascending.</param>
    public sealed record ShardMisses(Epoch Epoch, long Item, int Shard, ImmutableArray<LaneBlock> Missing, int Attempt = 0);

    /// <summary>What one lane found in one item.</summary>
    /// <param name="State">[lane's rows × state size] carried after the item; null if the model carries none.</param>
    public readonly record struct LaneResult(int Lane, LossSums Sums, Ticket? State);

    /// <summary>
    /// Worker to barrier: losses, counts and carried states of lanes, those without rows left out. Said
    /// again like an offer. Reply: <see cref="ItemCommitted"/> if the item is already,
    /// <see cref="JobProtocol.AssignLanes"/> if the generation is old, <see cref="Stale"/> if the epoch is over.
    /// </summary>
    /// <param name="Generation">The assignment the worker follows; results of an older one are right and taken (P2).</param>
    public sealed record LanesReported(
        Epoch Epoch, long Item, WorkerId Worker, long Generation, ImmutableArray<LaneResult> Lanes, int Attempt = 0);

    /// <summary>
    /// Worker to barrier: what it had computed of the item in an earlier attempt was not finite (P11). Said again
    /// on a timer while it computes the item again.
    /// </summary>
    public sealed record ResultsNotFinite(Epoch Epoch, long Item, NodeId Node);

    /// <summary>
    /// Shard to barrier: its reduction tree is whole, and these are the squares of its blocks, as complete
    /// subtrees (B6). Said again on a timer until the commit. Reply: <see cref="Commit"/> once decided.
    /// </summary>
    public sealed record ShardWhole(Epoch Epoch, long Item, int Shard, ImmutableArray<NormSubtree> Squares, int Attempt = 0);

    /// <summary>
    /// Barrier to shard: apply the item's gradient once (P4). Said again until <see cref="Applied"/>. A
    /// repeated one is answered and applies nothing; one with <paramref name="Checkpoint"/> saves the part
    /// again if the last try failed, which is how the barrier asks for that.
    /// </summary>
    /// <param name="Factor">What each root element is multiplied by (B5, B6); 0 moves nothing but the version.</param>
    /// <param name="LearningRate">Cast once from double (B8).</param>
    /// <param name="Checkpoint">Save the shard's part right after applying (P9).</param>
    public sealed record Commit(Epoch Epoch, long Item, float Factor, float LearningRate, bool Checkpoint);

    /// <summary>Shard to barrier: <see cref="Commit"/> was applied; the weights after the item are published.</summary>
    public sealed record Applied(Epoch Epoch, long Item, int Shard);

    /// <summary>
    /// Barrier to every worker: this item and all before it are done. Their lane results are held, their
    /// carried states count, offers for them may go. After a training step it is the answer to who reports again, and
    /// nothing more: the version that the step makes says as much (P6).
    /// </summary>
    public sealed record ItemCommitted(Epoch Epoch, long Item, int Attempt = 0);

    /// <summary>
    /// Worker to barrier: carried states of lanes as they enter the item; also the way to ask whether
    /// the run has moved on. Reply: <see cref="LaneStates"/> (for the barrier's item, which may be a later
    /// one), or <see cref="Stale"/>; none while the item before is not committed.
    /// </summary>
    public sealed record AskLaneStates(Epoch Epoch, long Item, WorkerId Worker, ImmutableArray<int> Lanes);

    /// <param name="Item">The item that these states enter: the next to be committed.</param>
    public sealed record LaneStates(Epoch Epoch, long Item, ImmutableArray<LaneState> States, int Attempt = 0);

    /// <param name="State">Null where the lane starts from zeros, or the model carries none.</param>
    public readonly record struct LaneState(int Lane, Ticket? State);

    /// <summary>The sender's epoch is over; this is the one that counts (P1).</summary>
    public sealed record Stale(Epoch Current);
}
