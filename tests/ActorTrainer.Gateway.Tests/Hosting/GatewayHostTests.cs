using System.Net;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Hosting;

public sealed class GatewayHostTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public async Task Refuses_to_listen_where_other_machines_can_reach_it(string address)
    {
        var options = gateway.Options with { Address = IPAddress.Parse(address) };

        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => GatewayHost.StartAsync(options, gateway.Node, CancellationToken.None));

        Assert.Contains($"listen on {address}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("TLS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listens_there_all_the_same_when_it_may_be_insecure_and_says_so_loudly()
    {
        using var directory = new TemporaryDirectory();
        var notices = new List<NodeNotice>();
        using var log = NodeLog.Open(directory.Path);
        log.Noticed += notices.Add;

        await using var running = await GatewayHost.StartAsync(
            gateway.Options with { Address = IPAddress.Any, Insecure = true }, gateway.Node with { DataDirectory = directory.Path, Log = log }, CancellationToken.None);

        Assert.Equal("127.0.0.1", running.Endpoint.Host);
        var notice = Assert.Single(notices);
        Assert.Equal(NodeLogLevel.Warning, notice.Level);
        Assert.StartsWith("INSECURE: the gateway listens on 0.0.0.0 without TLS", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_secret_for_its_token_and_makes_none_of_its_own()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory["secret"];
        PrivateFiles.WriteWhole(secret, new string('s', 40) + "\n");

        await using var running = await GatewayHost.StartAsync(
            gateway.Options with { TokenFile = secret }, gateway.Node with { DataDirectory = directory.Path }, CancellationToken.None);

        Assert.False(File.Exists(directory[AccessToken.FileName]));
        Assert.Equal(secret, GatewayEndpoint.Find(directory.Path)?.TokenFile);
        using var channel = Channels.Open(running.Endpoint);
        var cluster = new Proto.Cluster.ClusterClient(channel.With("Bearer " + new string('s', 40)));
        Assert.Single((await cluster.GetClusterAsync(new Proto.GetClusterRequest())).Nodes);
        var error = await Errors.Of(async () => await new Proto.Cluster.ClusterClient(channel.With(gateway.Token.Header)).GetClusterAsync(new Proto.GetClusterRequest()));
        error.Expect(StatusCode.Unauthenticated, "TOKEN_WRONG");
        Assert.Contains("--token-file", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_port_is_taken()
    {
        var options = gateway.Options with { Port = gateway.Endpoint.Port };

        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => GatewayHost.StartAsync(options, gateway.Node, CancellationToken.None));

        Assert.Contains($"127.0.0.1:{gateway.Endpoint.Port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("address already in use", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Is_found_through_the_data_directory_while_it_runs()
    {
        using var directory = new TemporaryDirectory();
        var running = await GatewayHost.StartAsync(
            gateway.Options, gateway.Node with { DataDirectory = directory.Path }, CancellationToken.None);

        var found = GatewayEndpoint.Find(directory.Path);
        await running.StopAsync();
        await running.StopAsync();

        Assert.Equal(running.Endpoint, found?.Endpoint);
        Assert.Equal(Environment.ProcessId, found?.Pid);
        Assert.Null(GatewayEndpoint.Find(directory.Path));
        Assert.Empty(Directory.EnumerateFiles(directory.Path, "gateway.json*"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"endpoint\":\"http://127.0.0.1:1\",\"pid\":2147483646,\"started\":\"2026-11-24T00:00:00+00:00\"}")]
    public void Is_not_found_through_a_file_that_a_killed_process_left(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory[GatewayEndpoint.FileName], text);

        Assert.Null(GatewayEndpoint.Find(directory.Path));
    }

    [Fact]
    public async Task Ends_watches_when_it_stops_and_says_why()
    {
        using var directory = new TemporaryDirectory();
        var running = await GatewayHost.StartAsync(
            gateway.Options, gateway.Node with { DataDirectory = directory.Path }, CancellationToken.None);
        gateway.Registry.Answer = request => request is RegistryProtocol.Watch ? new JobEvent.Snapshot(0, Specs.View()) : null;
        using var channel = Channels.Open(running.Endpoint);
        var caller = channel.With(AccessToken.Read(directory.Path).Header);
        using var watch = new Proto.Jobs.JobsClient(caller).WatchJob(new Proto.WatchJobRequest { JobId = "sum-12" });
        Assert.True(await watch.ResponseStream.MoveNext());

        var stopping = running.StopAsync();
        var error = await Errors.Of(async () => await watch.ResponseStream.MoveNext()).WaitAsync(Patience);
        await stopping.WaitAsync(Patience);

        error.Expect(StatusCode.Unavailable, "NODE_UNAVAILABLE");
    }

    [Theory]
    [InlineData(null, "TOKEN_MISSING")]
    [InlineData("Bearer", "TOKEN_WRONG")]
    [InlineData("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "TOKEN_WRONG")]
    [InlineData("Basic QQ==", "TOKEN_WRONG")]
    public async Task Asks_for_the_token_and_says_where_it_is(string? header, string reason)
    {
        var caller = gateway.CallerWith(header);

        var unary = await Errors.Of(async () => await new Proto.Jobs.JobsClient(caller).GetJobAsync(new Proto.GetJobRequest { JobId = "a" }));
        var stream = await Errors.Of(async () =>
        {
            using var watch = new Proto.Jobs.JobsClient(caller).WatchJob(new Proto.WatchJobRequest { JobId = "a" });
            await watch.ResponseStream.MoveNext();
        });
        var upload = await Errors.Of(async () =>
        {
            using var call = new Proto.Datasets.DatasetsClient(caller).UploadDataset();
            await call.ResponseAsync;
        });
        var reflection = await Errors.Of(async () =>
        {
            using var call = new ServerReflection.ServerReflectionClient(caller).ServerReflectionInfo();
            await call.ResponseStream.MoveNext();
        });

        foreach (var error in (RpcException[])[unary, stream, upload, reflection])
        {
            error.Expect(StatusCode.Unauthenticated, reason);
            Assert.Contains("'token'", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tells_its_health_without_a_token()
    {
        var health = await new Health.HealthClient(gateway.CallerWith(null)).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Describes_itself_by_reflection()
    {
        using var call = new ServerReflection.ServerReflectionClient(gateway.Caller).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());

        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToHashSet();

        Assert.Superset(
            new HashSet<string> { "actortrainer.v1.Jobs", "actortrainer.v1.Datasets", "actortrainer.v1.Models", "actortrainer.v1.Cluster", "grpc.health.v1.Health" },
            services);
    }

    [Fact]
    public async Task Names_the_machines()
    {
        var cluster = await new Proto.Cluster.ClusterClient(gateway.Caller).GetClusterAsync(new Proto.GetClusterRequest());

        var node = Assert.Single(cluster.Nodes);
        Assert.Equal("0.1.0", cluster.Version);
        Assert.Equal((2u, 512u, true), (node.Cores, node.VectorBits, node.Reachable));
        Assert.Equal(["server", "worker"], node.Roles);
    }

    [Fact]
    public async Task Refuses_a_message_beyond_its_bound()
    {
        var spec = Specs.Addition();
        spec.Placement = new Proto.Placement { Name = new string('x', 300_000) };

        var error = await Errors.Of(async () => await new Proto.Jobs.JobsClient(gateway.Caller).ValidateJobAsync(new Proto.ValidateJobRequest { Spec = spec }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }
}
