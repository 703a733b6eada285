using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>Where a node gives out its tensors and blobs.</summary>
/// <param name="Node">Who must answer there; another process at the address is refused.</param>
/// <param name="Host">Name or address, as the others call it.</param>
/// <param name="Port">Of its data plane.</param>
public sealed record DataPeer(NodeId Node, string Host, int Port)
{
    public override string ToString() => $"{Node} at {Host}:{Port}";
}
