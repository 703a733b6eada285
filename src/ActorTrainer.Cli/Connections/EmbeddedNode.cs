using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Numerics;

namespace ActorTrainer.Cli.Connections;

/// <summary>A node and its gateway in this process.</summary>
internal sealed class EmbeddedNode : IAsyncDisposable
{
    private readonly TrainingNode _node;
    private readonly RunningGateway _gateway;

    private EmbeddedNode(TrainingNode node, RunningGateway gateway) => (_node, _gateway) = (node, gateway);

    public Uri Endpoint => _gateway.Endpoint;

    /// <summary>What the node has to say.</summary>
    public NodeLog Log => _node.Log;

    /// <summary>What its user should know of this machine before anything is started on it; null: nothing.</summary>
    public static string? Warning => VectorWidths.HasFusedMultiplyAdd ? null : $"warning: this machine computes with {VectorWidths.Describe()}";

    /// <summary>Ends when the node has stopped by itself.</summary>
    public Task Terminated => _node.Terminated;

    /// <exception cref="NodeStartException">The settings, the data directory or the port do not allow it.</exception>
    public static async Task<EmbeddedNode> StartAsync(NodeOptions node, GatewayOptions gateway, CancellationToken cancellation)
    {
        // Side by side: both are mostly the compiling of code that runs for the first time.
        var starting = Task.Run(() => TrainingNode.StartAsync(node, cancellation), CancellationToken.None);
        RunningGateway running;
        try
        {
            running = await GatewayHost.StartAsync(gateway, starting, cancellation);
        }
        catch
        {
            await (await starting).StopAsync();
            throw;
        }

        return new EmbeddedNode(await starting, running);
    }

    public NodeClient Connect() =>
        GatewayEndpoint.Find(_node.DataDirectory) is { } found && LocalNode.TryConnect(_node.DataDirectory, found) is { } client
            ? client
            : throw new FailureException($"the node in {_node.DataDirectory} does not serve any more");

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync();
        await _node.StopAsync();
    }
}
