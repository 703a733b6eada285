using System.Net.Sockets;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// The bulk of what nodes say to each other: tensors by ticket and blobs by hash, over a TCP connection for each
/// ordered pair of nodes, opened by who fetches. Safe for every thread.
/// </summary>
/// <remarks>
/// A tensor goes from the buffer it lies in through the sockets into the buffer it will lie in. What is asked for and
/// has not come is bounded in bytes; so is every wait in time, and everything in number.
/// </remarks>
public sealed class DataPlane : IAsyncDisposable
{
    private readonly DataPlaneOptions _options;
    private readonly TensorStore _tensors;
    private readonly PeerDoor _door;
    private readonly BlobDownloads _downloads;
    private readonly Watchdog _watchdog;
    private readonly TransferServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, (PeerLink Link, Task Running)> _links = [];
    private int _fetches;
    private long _fetchedBytes;
    private bool _stopped;

    private DataPlane(DataPlaneOptions options, NodeId self, TensorStore tensors, BlobStore blobs, NodeTrust? trust)
    {
        (_options, _tensors) = (options, tensors);
        _downloads = new BlobDownloads(blobs, Enqueue);
        _watchdog = new Watchdog(options.HandshakeTimeout < options.StallTimeout ? options.HandshakeTimeout : options.StallTimeout);
        _door = new PeerDoor(self, options, trust, new TransferCredit(options.MaximumBytesInFlight), _watchdog);
        try
        {
            _server = new TransferServer(options, socket => new ServedConnection(socket, options, self, tensors, blobs, trust, _watchdog));
        }
        catch
        {
            _watchdog.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Raised once for each established connection to a peer that broke: it ended, was reset or fell silent in a
    /// transfer; or another process answers at the address. On any thread; must not throw.
    /// </summary>
    public event Action<NodeId>? LinkLost;

    /// <summary>Where it listens.</summary>
    public int Port => _server.Port;

    /// <summary>Of the tensors that were brought here.</summary>
    public long FetchedTensorBytes => Interlocked.Read(ref _fetchedBytes);

    /// <summary>Binds and listens.</summary>
    /// <param name="trust">Null: no TLS, and then loopback or insecure.</param>
    /// <exception cref="ArgumentException">The options do not allow it; the message says which.</exception>
    /// <exception cref="TransferException">The port cannot be bound.</exception>
    public static DataPlane Start(DataPlaneOptions options, NodeId self, TensorStore tensors, BlobStore blobs, NodeTrust? trust)
    {
        if (options.Check(encrypted: trust is not null) is { Length: > 0 } wrong)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, wrong), nameof(options));
        }

        TransferHello.RequireFits(self);
        try
        {
            return new DataPlane(options, self, tensors, blobs, trust);
        }
        catch (SocketException taken)
        {
            throw new TransferException($"The data plane cannot listen on {options.ListenHost}:{options.Port}: {taken.Message}.", taken);
        }
    }

    /// <summary>What a ticket of a peer names, in a buffer of the own store, for the caller alone to publish or release.</summary>
    /// <exception cref="ArgumentException">The ticket is another node's.</exception>
    /// <exception cref="TransferException">The peer cannot be reached, has released the tensor, or what came was not it.</exception>
    public async Task<TensorLease> FetchAsync(DataPeer peer, Ticket ticket, CancellationToken cancellation)
    {
        if (ticket.Node != peer.Node)
        {
            throw new ArgumentException($"The ticket is of {ticket.Node}; it cannot be fetched from {peer.Node}.", nameof(ticket));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Length);
        cancellation.ThrowIfCancellationRequested();
        EnterFetch(peer);
        try
        {
            var fetch = new TensorFetch(peer, ticket, _tensors);
            Enqueue(peer, fetch);
            await using (cancellation.Register(static (fetch, cancelled) => ((TensorFetch)fetch!).Cancel(cancelled), fetch))
            {
                var arrived = await fetch.Arrived;
                Interlocked.Add(ref _fetchedBytes, (long)ticket.Length * sizeof(float));
                return arrived;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _fetches);
        }
    }

    /// <summary>Copies a blob of a peer into the own store; true at once if it is there. A broken connection is resumed.</summary>
    /// <returns>False: the peer has none of this hash.</returns>
    /// <exception cref="ArgumentException">Not 64 lower-case hexadecimal digits.</exception>
    /// <exception cref="TransferException">The peer cannot be reached, or what came was not it.</exception>
    public async Task<bool> FetchBlobAsync(DataPeer peer, string sha256, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EnterFetch(peer);
        try
        {
            return await _downloads.FetchAsync(peer, sha256, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _fetches);
        }
    }

    /// <summary>
    /// Holds a connection to the peer open, so that its loss is noticed at once, until <see cref="Forget"/>; again if it is
    /// held. A peer that stays unreachable, or whose address is another's now, is given up. Nothing once this node stops.
    /// </summary>
    /// <exception cref="TransferException">There are too many peers.</exception>
    public void Keep(DataPeer peer)
    {
        lock (_lock)
        {
            if (!_stopped)
            {
                LinkTo(peer).Keep(peer);
            }
        }
    }

    /// <summary>Lets go of a peer for the whole process: no connection is held for its own sake, and its loss is not told.</summary>
    public void Forget(NodeId node)
    {
        lock (_lock)
        {
            if (_links.TryGetValue(node, out var held))
            {
                held.Link.Forget();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            running = [.. _links.Values.Select(held => held.Running)];
        }

        await _stop.CancelAsync();
        await Task.WhenAll(running);
        await _server.DisposeAsync();
        await _downloads.DisposeAsync();
        _watchdog.Dispose();
        _stop.Dispose();
    }

    private void EnterFetch(DataPeer peer)
    {
        if (Interlocked.Increment(ref _fetches) > _options.MaximumFetches)
        {
            Interlocked.Decrement(ref _fetches);
            throw new TransferException($"{peer} is not asked: {_options.MaximumFetches} fetches are under way, the most at once.");
        }
    }

    private void Enqueue(DataPeer peer, Fetch fetch)
    {
        lock (_lock)
        {
            LinkTo(peer).Enqueue(peer, fetch);
        }
    }

    /// <summary>To be called within the lock, like what is then asked of it: so it cannot end in between.</summary>
    private PeerLink LinkTo(DataPeer peer)
    {
        if (_stopped)
        {
            throw new TransferException($"{peer} is not asked: this node stops.");
        }

        if (_links.TryGetValue(peer.Node, out var held))
        {
            return held.Link;
        }

        if (_links.Count >= _options.MaximumPeers)
        {
            throw new TransferException($"{peer} is not asked: {_options.MaximumPeers} peers are, the most at once.");
        }

        TransferHello.RequireFits(peer.Node);
        var link = new PeerLink(peer, _options.ReconnectFor, _door.OpenAsync, node => LinkLost?.Invoke(node));
        _links.Add(peer.Node, (link, Task.Run(() => link.RunAsync(TryRetire, _stop.Token))));
        return link;
    }

    private bool TryRetire(PeerLink link)
    {
        lock (_lock)
        {
            return !link.IsWanted && _links.Remove(link.Node);
        }
    }
}
