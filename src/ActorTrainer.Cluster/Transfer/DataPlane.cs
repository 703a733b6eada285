using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// The bulk of what nodes say to each other: tensors by ticket and blobs by hash, over a TCP connection for each
/// ordered pair of nodes, opened by who fetches. Safe for every thread.
/// </summary>
public sealed class DataPlane : IAsyncDisposable
{
    private DataPlane()
    {
    }

    /// <summary>
    /// Raised once for each established connection to a peer that broke: it ended, was reset, fell silent in a
    /// transfer, or another process answered at the address when it was opened again. On any thread.
    /// </summary>
    public event Action<NodeId>? LinkLost;

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Binds and listens.</summary>
    /// <param name="trust">Null: no TLS, and then loopback or insecure.</param>
    /// <exception cref="ArgumentException">The options do not allow it; the message says which.</exception>
    /// <exception cref="IOException">The port cannot be bound.</exception>
    public static DataPlane Start(DataPlaneOptions options, NodeId self, TensorStore tensors, BlobStore blobs, NodeTrust? trust) =>
        throw new NotSupportedException();

    /// <summary>What a ticket of a peer names, in a buffer of the own store, for the caller alone to publish or release.</summary>
    /// <exception cref="TransferException">The peer cannot be reached, has released the tensor, or what came was not it.</exception>
    public Task<TensorLease> FetchAsync(DataPeer peer, Ticket ticket, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Copies a blob of a peer into the own store; true at once if it is there. A broken connection is resumed.</summary>
    /// <returns>False: the peer has none of this hash.</returns>
    /// <exception cref="TransferException">The peer cannot be reached, or what came was not it.</exception>
    public Task<bool> FetchBlobAsync(DataPeer peer, string sha256, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Holds a connection to the peer open, so that its loss is noticed at once, until <see cref="Forget"/>.</summary>
    public void Keep(DataPeer peer) => throw new NotSupportedException();

    /// <summary>Lets go of a peer: no connection is held for its own sake any more, and its loss is not told.</summary>
    public void Forget(NodeId node) => LinkLost?.Invoke(node);

    public ValueTask DisposeAsync() => default;
}
