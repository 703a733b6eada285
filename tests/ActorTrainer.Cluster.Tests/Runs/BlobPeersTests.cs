using System.Security.Cryptography;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Runs;

public sealed class BlobPeersTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly TemporaryDirectory _directory = new();
    private readonly BlobStore _blobs;
    private readonly List<string> _asked = [];
    private readonly List<string> _said = [];

    public BlobPeersTests() => _blobs = new BlobStore(_directory.Path, 1000);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Asks_gateways_then_servers_then_workers_until_one_has_it()
    {
        await Peers("worker", "server", "gateway", "self").RequireAsync([Sha256], CancellationToken.None);

        Assert.Equal(["gateway", "server"], _asked);
        Assert.True(_blobs.Exists(Sha256));
        Assert.Contains(_said, said => said.Contains("came from server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_nobody_for_what_is_here()
    {
        await _blobs.AddAsync(new MemoryStream(Content));

        await Peers("gateway").RequireAsync([Sha256], CancellationToken.None);

        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Names_the_data_set_and_whom_it_has_asked()
    {
        var missing = await Assert.ThrowsAsync<DataNotFoundException>(
            () => Peers("gateway", "worker").RequireAsync([Sha256], CancellationToken.None));

        Assert.Contains(Sha256, missing.Message, StringComparison.Ordinal);
        Assert.Contains("gateway at 127.0.0.1:1 has none", missing.Message, StringComparison.Ordinal);
        Assert.Contains("worker at 127.0.0.1:1 did not give it (reset)", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_it_is_not_here_where_there_is_nobody_to_ask()
    {
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => Peers("self").RequireAsync([Sha256], CancellationToken.None));

        Assert.Equal($"There is no data set {Sha256} on this node; upload it again.", missing.Message);
    }

    /// <summary>Each has the role that it is called by; the server has the data set, the gateway none, and no worker can be reached.</summary>
    private BlobPeers Peers(params string[] names)
    {
        var nodes = names.Select(name => new NodeView(
            "akka.tcp://actortrainer@127.0.0.1:2", [name == "self" ? "gateway" : name], new NodeCapabilities(1, 128, ""), true, new NodeId(name), 1, 1));
        return new BlobPeers(new NodeId("self"), new ClusterPeers(() => [.. nodes]), _blobs, new BlobCache(_blobs, 1000), Fetch, _said.Add);
    }

    private async Task<bool> Fetch(DataPeer peer, string sha256, CancellationToken cancellation)
    {
        _asked.Add(peer.Node.Value);
        switch (peer.Node.Value)
        {
            case "server":
                await _blobs.AddAsync(new MemoryStream(Content), sha256, cancellation);
                return true;
            case "worker":
                throw new TransferException("reset");
            default:
                return false;
        }
    }
}
