using System.Collections.Immutable;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Trust;
using Akka.Actor;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>What of a node its gateway needs.</summary>
/// <param name="Log">The gateway's entries go into it too.</param>
/// <param name="Registry">Speaks <see cref="Cluster.Jobs.RegistryProtocol"/>.</param>
/// <param name="Nodes">The members of the cluster at the moment of asking.</param>
/// <param name="Fetch">Brings a model here that the registry's process offers.</param>
internal sealed record GatewayNode(
    ActorSystem System,
    NodeLog Log,
    IActorRef Registry,
    BlobStore Blobs,
    string DataDirectory,
    Func<ImmutableArray<NodeView>> Nodes,
    Func<RegistryProtocol.ModelOffered, CancellationToken, Task<ModelView>> Fetch)
{
    /// <summary>The node's certificate, which the gateway shows; null: it speaks without TLS.</summary>
    public NodeTrust? Trust { get; init; }

    /// <summary>A name that the certificate bears.</summary>
    public string Name { get; init; } = "";

    /// <summary>The authority's certificate as a file; null: without TLS.</summary>
    public string? AuthorityFile { get; init; }

    public static GatewayNode Of(TrainingNode node) =>
        new(node.System, node.Log, node.Registry, node.Blobs, node.DataDirectory, () => node.Nodes, node.FetchModelAsync)
        {
            Trust = node.Trust,
            Name = node.Options.ClusterHost,
            AuthorityFile = node.Options.TlsDirectory is { } folder ? Path.GetFullPath(Path.Combine(folder, NodeTrust.AuthorityFile)) : null,
        };
}
