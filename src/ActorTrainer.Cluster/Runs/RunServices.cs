using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Numerics;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Runs;

/// <summary>What the actors of one process share.</summary>
/// <param name="Node">This process.</param>
/// <param name="Peers">The others, and where tensors are pulled from them.</param>
/// <param name="Plane">Pulls them; null in a process that is alone.</param>
/// <param name="Tensors">What tickets name.</param>
/// <param name="Database">That of a server node; <see cref="Storage.Database.None"/> elsewhere.</param>
/// <param name="Width">Bits of the vectors to compute with; cannot touch a bit of a result.</param>
internal sealed record RunServices(
    NodeId Node,
    ClusterPeers Peers,
    DataPlane? Plane,
    DataDirectory Directory,
    Database Database,
    TrainingRuns Runs,
    TensorStore Tensors,
    ComputeThreads Threads,
    VectorWidth Width)
{
    /// <summary>This node where the cluster does not show it yet.</summary>
    public NodeView OwnView => new(
        "this server", [NodeOptions.ServerRole], new NodeCapabilities(0, 0, Probe.Expected), Reachable: true, Node, DataPort: 0, ComputeThreads: 0);

    /// <summary>Brings what a ticket of another node names into the own store, for the caller alone to publish or release.</summary>
    /// <exception cref="TransferException">The node is no member, cannot be reached, or has released the tensor.</exception>
    public Task<TensorLease> FetchAsync(Ticket ticket, CancellationToken cancellation) =>
        Plane is { } plane && Peers.Find(ticket.Node) is { } peer
            ? plane.FetchAsync(peer, ticket, cancellation)
            : Task.FromException<TensorLease>(new TransferException($"{ticket.Node} is no member of the cluster that gives out tensors"));
}
