using System.Globalization;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Nodes;

/// <summary>
/// The life of a node's process: it starts, says where it is, and leaves the cluster in good order when it is
/// told to, or ends with <see cref="ExitCode.StartAgain"/> when the cluster went on without it.
/// </summary>
internal sealed class NodeProcess(Terminal terminal, NodeSettings settings, Interrupts interrupts)
{
    /// <summary>More than the node and its gateway take by their own bounds: for what would hang beyond them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(NodeSettings.StopSeconds + 1.5);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        TrainingNode node;
        try
        {
            node = await TrainingNode.StartAsync(settings.Node, interrupts.Requested, Say);
        }
        catch (OperationCanceledException) when (interrupts.Requested.IsCancellationRequested)
        {
            return ExitCode.Success;
        }

        RunningGateway? gateway = null;
        try
        {
            gateway = settings.Gateway is { } options ? await GatewayHost.StartAsync(options, node, interrupts.Requested) : null;
            Introduce(node, gateway);
            var told = new TaskCompletionSource();
            await using var registration = interrupts.Requested.Register(told.SetResult);
            await Task.WhenAny(told.Task, node.Terminated);
        }
        catch (OperationCanceledException) when (interrupts.Requested.IsCancellationRequested)
        {
            // Told to stop while the gateway began.
        }
        catch
        {
            await StopAsync(node, gateway);
            throw;
        }

        if (interrupts.Requested.IsCancellationRequested)
        {
            Say("leaving the cluster (a second signal leaves at once)");
            await StopAsync(node, gateway);
            return ExitCode.Success;
        }

        await StopAsync(node, gateway);
        if (node.HasLostItsCluster)
        {
            Say("the cluster went on without this node: it was unreachable, or on the smaller side of a split; start it again");
            return ExitCode.StartAgain;
        }

        throw new FailureException($"the node has stopped by itself; the end of {Path.Combine(node.DataDirectory, NodeLog.FileName)} says why");
    }

    private void Introduce(TrainingNode node, RunningGateway? gateway)
    {
        var status = node.Status;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Node} ({string.Join(", ", status.Roles)}) is up at {status.Cluster}, data at {status.Data}");
        if (gateway is not null)
        {
            line += $", gateway at {gateway.Endpoint}";
        }

        terminal.Output.WriteLine($"{TimeOf(DateTime.UtcNow)} {line}; cluster of {status.Nodes}");
        terminal.Output.Flush();
    }

    private static async Task StopAsync(TrainingNode node, RunningGateway? gateway)
    {
        var stopping = Task.WhenAll(node.StopAsync(), gateway?.StopAsync() ?? Task.CompletedTask);
        await Task.WhenAny(stopping, Task.Delay(Patience));
        if (stopping.IsFaulted)
        {
            await stopping;
        }
    }

    private void Say(NodeNotice notice) => terminal.Error.WriteLine(NoticeLine.Format(notice));

    private void Say(string text) => terminal.Error.WriteLine($"{TimeOf(DateTime.UtcNow)} {text}");

    private static string TimeOf(DateTime at) => string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss}Z");
}
