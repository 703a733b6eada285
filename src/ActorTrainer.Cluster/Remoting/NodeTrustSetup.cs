using ActorTrainer.Cluster.Trust;
using Akka.Actor.Setup;

namespace ActorTrainer.Cluster.Remoting;

/// <summary>Gives an actor system its node's certificate and authority.</summary>
internal sealed class NodeTrustSetup(NodeTrust trust) : Setup
{
    public NodeTrust Trust { get; } = trust;
}
