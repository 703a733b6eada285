using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// How a run is spread over processes, and its parties find each other: the cores speak of parties by
/// name, and these messages give the names their places.
/// </summary>
public static class RunProtocol
{
    /// <summary>
    /// Job to node: take part in its run with so many workers. Repeated at every start of a run, and with
    /// another number when nodes come or go: surplus workers stop, none of the others is restarted.
    /// Reply: <see cref="NodeJoined"/> once the data is open and whenever its workers change, or
    /// <see cref="NodeRefused"/>.
    /// </summary>
    public sealed record TakePart(JobId Job, JobSpec Spec, int Workers);

    /// <summary>Node to job: these workers, and no others, compute for it here.</summary>
    /// <param name="Replica">Who holds the weights for all of them.</param>
    public sealed record NodeJoined(JobId Job, NodeId Node, IActorRef Replica, ImmutableArray<WorkerPlace> Workers);

    /// <summary>Node to job: it cannot take part as things are; the job goes on with others, and asks it again later.</summary>
    public sealed record NodeRefused(JobId Job, NodeId Node, string Reason);

    /// <summary>Job to node: the run has ended or rests; workers and weights go.</summary>
    public sealed record LeaveRun(JobId Job);

    /// <summary>
    /// Job to a server's door: hold these shards of its run from here on, and none of an older incarnation
    /// (P1). Repeated until answered, and from time to time after that: shards that nobody asks for any
    /// more are let go. Reply: <see cref="ShardsHeld"/> once the data is open, <see cref="ShardsRefused"/>,
    /// or <see cref="StepProtocol.Stale"/>.
    /// </summary>
    /// <param name="From">The checkpoint that the shards start from; null: the initial weights.</param>
    public sealed record HoldShards(Epoch Epoch, JobSpec Spec, CheckpointKey? From, ImmutableArray<ShardToHold> Shards);

    /// <summary>Server's door to job: these shards of its run are here.</summary>
    public sealed record ShardsHeld(Epoch Epoch, NodeId Node, ImmutableArray<ShardPlace> Shards);

    /// <summary>Server's door to job: it cannot hold them.</summary>
    public sealed record ShardsRefused(Epoch Epoch, NodeId Node, string Reason);

    /// <summary>Job to a server's door: the run has ended, rests, or goes on elsewhere; shards of this incarnation and older ones go.</summary>
    public sealed record ReleaseShards(Epoch Epoch);

    /// <summary>
    /// A door to a job that has a part behind it: the node is about to stop (P12). Repeated until
    /// <see cref="NodeReleased"/>: lanes were dealt to others, a server's shards have left a checkpoint.
    /// </summary>
    public sealed record NodeLeaves(JobId Job, NodeId Node);

    /// <summary>Job to a door: nothing of it needs this node any more.</summary>
    public sealed record NodeReleased(JobId Job);

    /// <summary>Job to everybody in its run, at each start and whenever somebody comes or goes.</summary>
    public sealed record Members(
        Epoch Epoch,
        IActorRef Barrier,
        ImmutableArray<IActorRef> Shards,
        ImmutableArray<NodePlace> Nodes,
        ImmutableArray<WorkerPlace> Workers);

    public sealed record WorkerPlace(WorkerId Worker, IActorRef Place);

    public sealed record NodePlace(NodeId Node, IActorRef Place);

    /// <summary>Which checkpoint of a job: its parts are named by it.</summary>
    public readonly record struct CheckpointKey(long Incarnation, long Item);

    /// <param name="Sha256">Of the shard's part of the checkpoint; null where there is none.</param>
    public readonly record struct ShardToHold(int Index, string? Sha256);

    public readonly record struct ShardPlace(int Index, IActorRef Place);
}
