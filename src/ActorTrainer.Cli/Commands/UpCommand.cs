using System.CommandLine;
using System.Net;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer up`: a node that runs until it is stopped.</summary>
internal static class UpCommand
{
    public static Command Create(Terminal terminal)
    {
        var home = CommonOptions.DataDirectory();
        var listen = new Option<string?>("--listen")
        {
            Description = "Where the gateway listens, on this machine only [default: 127.0.0.1 and a free port]",
            HelpName = "ADDRESS:PORT",
        };
        var workers = new Option<int?>("--workers")
        {
            Description = $"Threads that compute, from 1 to the cores of this machine [default: {Environment.ProcessorCount}]",
            HelpName = "N",
        };
        return new Command("up", "Run a node in the foreground; jobs are then submitted to it.") { home, listen, workers }
            .WithExamples("up", "up --listen 127.0.0.1:7700 --data-dir /srv/actortrainer")
            .Runs(terminal, line => RunAsync(
                terminal, DataHome.Of(line.GetValue(home)), ReadEndpoint(line.GetValue(listen)), line.GetValue(workers)));
    }

    /// <exception cref="UsageException">It is no address with a port.</exception>
    internal static IPEndPoint ReadEndpoint(string? text)
    {
        if (text is null)
        {
            return new IPEndPoint(IPAddress.Loopback, 0);
        }

        var withAddress = text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1:{text["localhost:".Length..]}" : text;

        // A bare number would be taken for an address.
        return withAddress.Contains(':') && IPEndPoint.TryParse(withAddress, out var endpoint)
            ? endpoint
            : throw new UsageException($"--listen is '{text}'; it takes an address and a port, such as 127.0.0.1:7700");
    }

    private static async Task<int> RunAsync(Terminal terminal, DataHome home, IPEndPoint listen, int? workers)
    {
        if (workers < 1 || workers > Environment.ProcessorCount)
        {
            throw new UsageException($"--workers is {workers}; it takes 1 to {Environment.ProcessorCount}, the cores of this machine");
        }

        using var interrupts = new Interrupts();
        await using var node = await EmbeddedNode.StartAsync(
            new NodeOptions { DataDirectory = home.Path, ComputeThreads = workers ?? Environment.ProcessorCount },
            new GatewayOptions { Address = listen.Address, Port = listen.Port },
            interrupts.Requested);
        terminal.Warn(EmbeddedNode.Warning);
        node.Log.Noticed += notice => terminal.Error.WriteLine(NoticeLine.Format(notice));
        using (var client = node.Connect())
        {
            var cluster = await client.Cluster.GetClusterAsync(new GetClusterRequest(), cancellationToken: interrupts.Requested);
            terminal.Output.WriteLine($"actortrainer {cluster.Version} is up (arithmetic version {cluster.ArithmeticVersion})");
            terminal.Output.WriteLine();
            terminal.Output.WriteLine($"  endpoint        {node.Endpoint}");
            terminal.Output.WriteLine($"  data directory  {home.Path}");
            terminal.Output.WriteLine($"  log             {Path.Combine(home.Path, NodeLog.FileName)}");
            foreach (var member in cluster.Nodes)
            {
                terminal.Output.WriteLine($"  node            {member.Address}: {member.Cores} cores, vectors of {member.VectorBits} bits");
            }
        }

        terminal.Output.WriteLine();
        terminal.Output.WriteLine("Give it something to do:");
        terminal.Output.WriteLine($"  {ProgramName.Here} job submit examples/binary-addition.yaml --watch{home.Option}");
        terminal.Output.WriteLine("Ctrl-C stops it; unfinished jobs go on at the next start.");
        terminal.Output.Flush();

        var stopped = new TaskCompletionSource();
        await using var registration = interrupts.Requested.Register(stopped.SetResult);
        if (await Task.WhenAny(stopped.Task, node.Terminated) != stopped.Task)
        {
            throw new FailureException($"the node has stopped by itself; the end of {Path.Combine(home.Path, NodeLog.FileName)} says why");
        }

        terminal.Error.WriteLine("stopping (Ctrl-C again leaves at once)");
        return ExitCode.Success;
    }
}
