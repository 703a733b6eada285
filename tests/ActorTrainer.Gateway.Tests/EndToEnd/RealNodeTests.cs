using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.EndToEnd;

/// <summary>The gateway before a real node.</summary>
public sealed class RealNodeTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private TrainingNode _node = null!;
    private RunningGateway _gateway = null!;
    private GrpcChannel _channel = null!;
    private CallInvoker _caller = null!;

    public async Task InitializeAsync()
    {
        _node = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = _directory.Path });
        _gateway = await GatewayHost.StartAsync(new GatewayOptions(), _node);
        _channel = Channels.Open(GatewayEndpoint.Find(_directory.Path)!.Endpoint);
        _caller = _channel.With(AccessToken.Read(_directory.Path).Header);
    }

    [Fact]
    public async Task A_node_describes_itself_and_has_no_jobs_at_first()
    {
        var cluster = await new Proto.Cluster.ClusterClient(_caller).GetClusterAsync(new Proto.GetClusterRequest());
        var jobs = await new Proto.Jobs.JobsClient(_caller).ListJobsAsync(new Proto.ListJobsRequest());

        var node = Assert.Single(cluster.Nodes);
        Assert.Equal(_node.Address, node.Address);
        Assert.Equal((uint)Environment.ProcessorCount, node.Cores);
        Assert.True(node.Reachable);
        Assert.Empty(jobs.Jobs);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _gateway.StopAsync();
        await _node.StopAsync();
        _directory.Dispose();
    }
}
