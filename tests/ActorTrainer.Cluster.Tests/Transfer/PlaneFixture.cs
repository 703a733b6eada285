using System.Runtime.InteropServices;
using System.Threading.Channels;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Tests.Transfer;

/// <summary>One side of a data plane on loopback: store, blobs and plane of a node.</summary>
internal sealed class PlaneFixture : IAsyncDisposable
{
    private readonly Channel<NodeId> _lost = Channel.CreateUnbounded<NodeId>();
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    public PlaneFixture(string node, DataPlaneOptions? options = null, NodeTrust? trust = null, long maximumFloats = 1L << 30, long maximumBlobBytes = 1L << 30)
    {
        Node = new NodeId(node);
        Tensors = new TensorStore(Node, maximumFloats, new UnguessableIds().Next);
        Blobs = new BlobStore(_directory, maximumBlobBytes);
        Plane = DataPlane.Start(options ?? Options, Node, Tensors, Blobs, trust);
        Plane.LinkLost += lost => _lost.Writer.TryWrite(lost);
    }

    /// <summary>Time limits of minutes: they are there for hangs, and the machine may be slow.</summary>
    public static DataPlaneOptions Options { get; } =
        new() { HandshakeTimeout = TimeSpan.FromMinutes(3), StallTimeout = TimeSpan.FromMinutes(3), IdleTimeout = TimeSpan.FromMinutes(10) };

    /// <summary>For what must happen at all.</summary>
    public static TimeSpan Bound { get; } = TimeSpan.FromMinutes(3);

    public NodeId Node { get; }

    public TensorStore Tensors { get; }

    public BlobStore Blobs { get; }

    public DataPlane Plane { get; }

    /// <summary>Peers that were lost and are not waited for yet.</summary>
    public int LostCount => _lost.Reader.Count;

    public string BlobDirectory => _directory;

    public DataPeer Peer => new(Node, "127.0.0.1", Plane.Port);

    /// <summary>The same node behind something that listens elsewhere.</summary>
    public DataPeer Behind(int port) => new(Node, "127.0.0.1", port);

    /// <summary>The next peer that was lost.</summary>
    public async Task<NodeId> LostAsync() => await _lost.Reader.ReadAsync().AsTask().WaitAsync(Bound);

    /// <summary>A tensor of this node, published; every value differs.</summary>
    public (TensorLease Lease, Ticket Ticket) Tensor(int length, int seed = 1)
    {
        var lease = Tensors.Rent(length);
        var random = new Random(seed);
        random.NextBytes(MemoryMarshal.AsBytes(lease.Values));
        return (lease, lease.Publish());
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        TemporaryDirectory.Delete(_directory);
    }
}
