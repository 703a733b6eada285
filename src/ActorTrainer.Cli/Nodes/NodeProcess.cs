using System.Globalization;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Nodes;

/// <summary>
/// The life of a node's process: it starts, says where it is, and leaves the cluster in good order when it is
/// told to. When the cluster goes on without it, it starts anew within the process and joins again; a server ends
/// with <see cref="ExitCode.StartAgain"/>, so that surely nothing of it goes on.
/// </summary>
internal sealed class NodeProcess(Terminal terminal, NodeSettings settings, Interrupts interrupts)
{
    /// <summary>Lives of a node within one process: after the last it ends with <see cref="ExitCode.StartAgain"/>, and whatever may have piled up with it.</summary>
    private const int MaximumLives = 100;

    /// <summary>More than the node and its gateway take by their own bounds: for what would hang beyond them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(NodeSettings.StopSeconds + 1.5);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        for (var life = 1; ; life++)
        {
            var (exitCode, isOver) = await LiveAsync();
            if (exitCode != ExitCode.StartAgain || interrupts.Requested.IsCancellationRequested)
            {
                return exitCode == ExitCode.StartAgain ? ExitCode.Success : exitCode;
            }

            const string Lost = "the cluster went on without this node: it was unreachable, or on the smaller side of a split";
            if (!isOver || life == MaximumLives || settings.Node.Roles.Contains(NodeOptions.ServerRole))
            {
                Say($"{Lost}; start it again");
                return exitCode;
            }

            Say($"{Lost}; it starts anew");
        }
    }

    /// <returns>The exit code, and whether nothing of the node is left in the process.</returns>
    private async Task<(int ExitCode, bool IsOver)> LiveAsync()
    {
        // The gateway, if it is one, is made while the node joins.
        var starting = TrainingNode.StartAsync(settings.Node, interrupts.Requested, Say);
        var gatewayStarting = settings.Gateway is { } options
            ? OrNoneAsync(GatewayHost.StartAsync(options, starting, interrupts.Requested))
            : Task.FromResult<RunningGateway?>(null);
        TrainingNode node;
        try
        {
            node = await starting;
        }
        catch (OperationCanceledException) when (interrupts.Requested.IsCancellationRequested)
        {
            return (ExitCode.Success, true);
        }

        RunningGateway? gateway = null;
        try
        {
            gateway = await gatewayStarting;
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
            return (ExitCode.Success, true);
        }

        var isOver = await StopAsync(node, gateway);
        return node.HasLostItsCluster
            ? (ExitCode.StartAgain, isOver)
            : throw new FailureException($"the node has stopped by itself; the end of {Path.Combine(node.DataDirectory, NodeLog.FileName)} says why");
    }

    private static async Task<RunningGateway?> OrNoneAsync(Task<RunningGateway> starting) => await starting;

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

    /// <returns>False: something hangs and is left to the end of the process.</returns>
    private static async Task<bool> StopAsync(TrainingNode node, RunningGateway? gateway)
    {
        var stopping = Task.WhenAll(node.StopAsync(), gateway?.StopAsync() ?? Task.CompletedTask);
        await Task.WhenAny(stopping, Task.Delay(Patience));
        if (stopping.IsFaulted)
        {
            await stopping;
        }

        return stopping.IsCompleted;
    }

    private void Say(NodeNotice notice) => terminal.Error.WriteLine(NoticeLine.Format(notice));

    private void Say(string text) => terminal.Error.WriteLine($"{TimeOf(DateTime.UtcNow)} {text}");

    private static string TimeOf(DateTime at) => string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss}Z");
}
