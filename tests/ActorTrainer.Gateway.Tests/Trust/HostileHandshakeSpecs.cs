using System.Security.Authentication;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Tests.Trust;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Trust;

/// <summary>Who must not be let in at the doors of a real node with certificates; and the node trains afterwards.</summary>
public sealed class HostileHandshakeSpecs : IAsyncLifetime
{
    private const string Cluster = "cluster";
    private const string Data = "data";
    private const string Gateway = "gateway";
    private const byte Alert = 0x15;
    private const byte ProtocolVersion = 70;

    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _strangers = new();
    private TrainingNode _node = null!;
    private RunningGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _node = await TrainingNode.StartAsync(new NodeOptions
        {
            DataDirectory = _directory.Path,
            TlsDirectory = _authority.Folder("node,127.0.0.1"),
            Roles = NodeOptions.AllRoles,
        });
        _gateway = await GatewayHost.StartAsync(new GatewayOptions(), _node);
    }

    public async Task DisposeAsync()
    {
        await _gateway.StopAsync();
        await _node.StopAsync();
        _authority.Dispose();
        _strangers.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(Cluster)]
    [InlineData(Data)]
    public async Task Between_nodes_only_a_certificate_of_the_authority_lets_in(string door)
    {
        var caller = Caller(door);
        using var friend = _authority.Certificate("friend");
        using var stranger = _strangers.Certificate("friend");
        using var ended = _authority.Certificate("ended", DateTimeOffset.UtcNow.AddDays(-1), days: 0);
        using var self = TestAuthority.SelfSigned("friend");

        Assert.False(await caller.IsLetIn(null));
        Assert.False(await caller.IsLetIn(stranger));
        Assert.False(await caller.IsLetIn(ended));
        Assert.False(await caller.IsLetIn(self));
        Assert.False(await caller.IsLetIn(null, SslProtocols.Tls12));
        Assert.False(await caller.IsLetIn(stranger, SslProtocols.Tls12));

        Assert.True(await caller.IsLetIn(friend, SslProtocols.Tls12));
        Assert.True(await caller.IsLetIn(friend, SslProtocols.Tls13));
        await Trains();
    }

    [Theory]
    [InlineData(Cluster)]
    [InlineData(Data)]
    [InlineData(Gateway)]
    public async Task No_door_answers_plain_text_or_old_TLS(string door)
    {
        var caller = Caller(door);

        foreach (var words in (string[])["", "hello\n", "GET / HTTP/1.1\r\nHost: node\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", new string('\0', 100_000)])
        {
            var answer = await caller.Say(words);
            Assert.True(answer.Length == 0 || answer[0] == Alert, $"'{words}' was answered with {Convert.ToHexString(answer.AsSpan(0, Math.Min(answer.Length, 64)))}");
        }

        foreach (var minor in (byte[])[1, 2])
        {
            var answer = await caller.Say(HostileCaller.OldHello(minor));
            Assert.True(answer is [] or [Alert, 3, _, 0, 2, 2, ProtocolVersion], Convert.ToHexString(answer));
        }

        await Trains();
    }

    [Fact]
    public async Task The_gateway_shows_its_certificate_and_asks_for_the_token()
    {
        Assert.Equal("https", _gateway.Endpoint.Scheme);
        Assert.True(await Caller(Gateway).IsLetIn(null, SslProtocols.Tls12));
        Assert.True(await Caller(Gateway).IsLetIn(null, SslProtocols.Tls13));

        using var channel = Channel(_authority);
        var error = await Errors.Of(async () => await new Proto.Cluster.ClusterClient(channel.With("Bearer nonsense")).GetClusterAsync(new Proto.GetClusterRequest()));

        error.Expect(StatusCode.Unauthenticated, "TOKEN_WRONG");
    }

    [Fact]
    public async Task A_client_with_another_authority_does_not_believe_the_gateway()
    {
        _strangers.Folder("somebody");
        using var channel = Channel(_strangers);

        var error = await Errors.Of(async () => await new Proto.Cluster.ClusterClient(channel.With(Token)).GetClusterAsync(new Proto.GetClusterRequest()));

        Assert.IsType<AuthenticationException>(error.Status.DebugException!.GetBaseException());
    }

    private string Token => AccessToken.Read(_directory.Path).Header;

    private HostileCaller Caller(string door) => new(door switch
    {
        Cluster => new Uri(_node.Address.Replace("actortrainer@", "", StringComparison.Ordinal)).Port,
        Data => Assert.Single(_node.Nodes).DataPort,
        _ => _gateway.Endpoint.Port,
    });

    private GrpcChannel Channel(TestAuthority authority) => GrpcChannel.ForAddress(_gateway.Endpoint, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = TrustedAuthority.Load(Path.Combine(authority.Directory, NodeTrust.AuthorityFile)).ClientOptions("127.0.0.1"),
        },
        DisposeHttpClient = true,
    });

    private async Task Trains()
    {
        using var channel = Channel(_authority);
        var jobs = new Proto.Jobs.JobsClient(channel.With(Token));
        var spec = Specs.Addition();
        spec.Recipe.Data.BinaryAddition.ValidationSamples = 64;
        spec.Recipe.Training.Steps = 10;
        var job = await jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = Guid.NewGuid().ToString("n"), Spec = spec });
        using var watch = jobs.WatchJob(new Proto.WatchJobRequest { JobId = job.JobId });
        Proto.Job? last = null;
        while (await watch.ResponseStream.MoveNext())
        {
            last = watch.ResponseStream.Current.Snapshot ?? last;
        }

        Assert.Equal(Proto.JobState.Completed, last?.State);
    }
}
