using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Nodes;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer health`: whether the node of a data directory does its work; for containers and other supervisors.</summary>
internal static class HealthCommand
{
    public static Command Create(Terminal terminal)
    {
        var home = CommonOptions.DataDirectory();
        return new Command("health", "Say whether the node of a data directory is up: exit code 0 if it is, 1 if not.") { home }
            .WithExamples("health --data-dir /data")
            .Runs(terminal, line => Task.FromResult(Run(terminal, PathOf(line.GetValue(home)))));
    }

    /// <summary>As `actortrainer node` finds it, whose health this is.</summary>
    private static string PathOf(string? option) =>
        DataHome.Of(option ?? Environment.GetEnvironmentVariable(SettingSource.VariableOf(NodeSettings.DataDirectory))).Path;

    private static int Run(Terminal terminal, string directory)
    {
        if (NodeStatus.Read(directory) is not { } status)
        {
            terminal.Error.WriteLine($"no node has run in {directory}");
            return ExitCode.Failure;
        }

        var (isHealthy, sentence) = status.Judge(TimeProvider.System.GetUtcNow());
        if (isHealthy && status.Roles.Contains(NodeOptions.GatewayRole) && GatewayEndpoint.Find(directory) is null)
        {
            (isHealthy, sentence) = (false, $"{sentence}, but its gateway does not listen");
        }

        (isHealthy ? terminal.Output : terminal.Error).WriteLine(sentence);
        return isHealthy ? ExitCode.Success : ExitCode.Failure;
    }
}
