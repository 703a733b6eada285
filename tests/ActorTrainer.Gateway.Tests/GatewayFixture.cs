using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Grpc.Core;
using Grpc.Net.Client;

namespace ActorTrainer.Gateway.Tests;

/// <summary>A real gateway on a loopback port, before a stand-in registry.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public const long MaxDatasetBytes = 300_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<GrpcChannel> _channels = [];
    private ActorSystem _system = null!;
    private NodeLog _log = null!;
    private RunningGateway _gateway = null!;

    internal StandInRegistry Registry { get; } = new();

    internal GatewayNode Node { get; private set; } = null!;

    internal GatewayOptions Options { get; } = new()
    {
        RegistryTimeoutSeconds = 0.5,
        PauseTimeoutSeconds = 0.5,
        UploadStallSeconds = 2,
        MaxUploads = 2,
        MaxPredictionBytes = 2_000_000,
        MaxWatches = 4,
        WatchAgainSeconds = 0.3,
    };

    /// <summary>What a model that another process offers is fetched by.</summary>
    internal Func<RegistryProtocol.ModelOffered, Task<ModelView>> Fetch { get; set; } = offered => throw new TransferException($"nobody offers {offered.Job}");

    public Uri Endpoint => _gateway.Endpoint;

    public string DataDirectory => _directory.Path;

    public string Datasets => _directory["datasets"];

    public AccessToken Token => AccessToken.Read(DataDirectory);

    /// <summary>Calls with the token.</summary>
    public CallInvoker Caller { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Datasets);
        _log = NodeLog.Open(DataDirectory);
        _system = ActorSystem.Create("stand-in", "akka { loglevel = ERROR, stdout-loglevel = ERROR }");
        Node = new GatewayNode(
            _system,
            _log,
            Registry.Start(_system),
            new BlobStore(Datasets, MaxDatasetBytes),
            DataDirectory,
            () => [new NodeView("akka.tcp://actortrainer@127.0.0.1:4053", ["server", "worker"], new NodeCapabilities(2, 512, "ab"), Reachable: true, new NodeId("node-1"), 4054, 2)],
            (offered, _) => Fetch(offered));
        _gateway = await GatewayHost.StartAsync(Options, Node, CancellationToken.None);
        Caller = CallerWith(Token.Header);
    }

    /// <summary>Calls with another header, or none.</summary>
    public CallInvoker CallerWith(string? authorization)
    {
        var channel = Channels.Open(Endpoint);
        _channels.Add(channel);
        return channel.With(authorization);
    }

    public async Task DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _gateway.StopAsync();
        await _system.Terminate();
        _log.Dispose();
        _directory.Dispose();
    }
}
