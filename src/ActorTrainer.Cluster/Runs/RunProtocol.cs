using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// How the parties of a run find each other. The cores speak of parties by name; these messages give
/// the names their places. What the cores say about gradients and weights are tickets of one process's
/// store: until tensors travel between processes, a run lives on one node.
/// </summary>
public static class RunProtocol
{
    /// <summary>
    /// Job to node: take part in its run with so many workers. Repeated at every start of a run.
    /// Reply: <see cref="NodeJoined"/> at once and whenever its workers change, or <see cref="NodeRefused"/>.
    /// </summary>
    public sealed record TakePart(JobId Job, JobSpec Spec, int Workers);

    /// <summary>Node to job: these workers, and no others, compute for it here.</summary>
    /// <param name="Replica">Who holds the weights for all of them.</param>
    public sealed record NodeJoined(JobId Job, NodeId Node, IActorRef Replica, ImmutableArray<WorkerPlace> Workers);

    /// <summary>Node to job: it cannot take part, and would not a second time.</summary>
    public sealed record NodeRefused(JobId Job, string Reason);

    /// <summary>Job to node: the run has ended or rests; workers and weights go.</summary>
    public sealed record LeaveRun(JobId Job);

    /// <summary>Job to everybody in its run, at each start and whenever somebody comes or goes.</summary>
    public sealed record Members(
        Epoch Epoch,
        IActorRef Barrier,
        ImmutableArray<IActorRef> Shards,
        ImmutableArray<NodePlace> Nodes,
        ImmutableArray<WorkerPlace> Workers);

    public sealed record WorkerPlace(WorkerId Worker, IActorRef Place);

    public sealed record NodePlace(NodeId Node, IActorRef Place);
}
