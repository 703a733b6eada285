using System.Globalization;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Benchmarks.Transfer;

/// <summary>A node that has nothing but a data plane; as a process of its own it gives out tensors until its input ends.</summary>
internal sealed class BulkPeer : IAsyncDisposable
{
    /// <summary>Argument of this program that makes it the giving side; the certificates' folder follows.</summary>
    public const string Command = "bulk-peer";

    public const string NoTls = "-";

    private readonly string _directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly TensorStore _tensors;

    private BulkPeer(NodeId node, NodeTrust? trust)
    {
        _tensors = new TensorStore(node, ids: new UnguessableIds().Next);
        Plane = DataPlane.Start(new DataPlaneOptions(), node, _tensors, new BlobStore(_directory, 1), trust);
    }

    public static NodeId Giver { get; } = new("giver");

    /// <summary>Floats of the tensors: 0.25, 4, 40 and 200 MB.</summary>
    public static int[] Lengths { get; } = [62_500, 1_000_000, 10_000_000, 50_000_000];

    public DataPlane Plane { get; }

    public static BulkPeer Start(NodeId node, NodeTrust? trust) => new(node, trust);

    /// <summary>Says that it is ready, its port, and the id of a tensor of each length.</summary>
    public static async Task<int> RunAsync(string folder)
    {
        using var trust = folder == NoTls ? null : NodeTrust.Load(folder);
        await using var peer = Start(Giver, trust);
        Console.WriteLine(ChildProcess.Ready);
        Console.WriteLine(peer.Plane.Port.ToString(CultureInfo.InvariantCulture));
        foreach (var length in Lengths)
        {
            var lease = peer._tensors.Rent(length);
            for (var i = 0; i < length; i++)
            {
                lease.Values[i] = i;
            }

            Console.WriteLine(lease.Publish().TensorId.ToString(CultureInfo.InvariantCulture));
        }

        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
