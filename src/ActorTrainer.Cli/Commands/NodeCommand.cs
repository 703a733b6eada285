using System.CommandLine;
using ActorTrainer.Cli.Nodes;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer node`: one process of a cluster, with the roles it is given.</summary>
internal static class NodeCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string?>[] texts =
        [
            Text(NodeSettings.Roles, "ROLE,…", "What it does: server (shards, checkpoints, jobs), gateway (clients), worker (gradients) [default: all three]"),
            Text(NodeSettings.SeedNodes, "HOST:PORT,…", "Servers to join by, as they call themselves, the same list for all nodes [default: begin a cluster]"),
            Text(NodeSettings.Listen, "HOST:PORT", "Where it takes the cluster's messages [default: 127.0.0.1 and a free port]"),
            Text(NodeSettings.DataListen, "HOST:PORT", "Where others pull tensors and data from it [default: the same host and a free port]"),
            Text(NodeSettings.PublicHost, "NAME", "What the others call it, to the letter; a network such as 172.28.0.0/24 stands for its own address there [default: the host it listens on, or this machine's name where that is all]"),
            Text(NodeSettings.GatewayListen, "ADDRESS:PORT", "Where the gateway takes its calls [default: 127.0.0.1 and a free port]"),
            Text(NodeSettings.Database, "CONNECTION", "PostgreSQL for jobs and checkpoints, as Npgsql reads it [default: SQLite in the data directory, for one server]"),
            Text(NodeSettings.DatabaseFile, "FILE", "The same, in a file that only the node can read"),
            Text(NodeSettings.Tls, "DIR", "The node's certificates, as `actortrainer certs init` makes them; needed to speak to other machines"),
            Text(NodeSettings.TokenFile, "FILE", "The token that clients show to the gateway [default: one made in the data directory]"),
            Text(NodeSettings.Threads, "N", $"Threads that compute, from 1 to the cores of this machine [default: {Environment.ProcessorCount}]"),
            Text(NodeSettings.DataDirectory, "DIR", "Where it keeps what it must; one node at a time [default: $ACTORTRAINER_HOME, else actortrainer in your data folder]"),
        ];
        var insecure = new Option<bool>(NodeSettings.Insecure) { Description = "Speak to other machines without TLS: whoever reaches the network can read and change everything" };
        var command = new Command(
            "node",
            "Run one node of a cluster in the foreground. SIGTERM lets it finish what others need of it and leave, within 10 seconds.\n"
            + $"Each option can also be given as a variable: {NodeSettings.SeedNodes} as {SettingSource.VariableOf(NodeSettings.SeedNodes)}.");
        foreach (var option in texts)
        {
            command.Options.Add(option);
        }

        command.Options.Add(insecure);
        return command
            .WithExamples(
                "node --roles server,gateway --listen 127.0.0.1:7701 --gateway-listen 127.0.0.1:7700 --data-dir server",
                "node --roles worker --seed-nodes 127.0.0.1:7701 --data-dir worker")
            .Runs(terminal, line =>
            {
                var source = new SettingSource(
                    name => name == NodeSettings.Insecure
                        ? line.GetValue(insecure) ? "true" : null
                        : line.GetValue(texts.Single(option => option.Name == name)),
                    Environment.GetEnvironmentVariable);
                return RunAsync(terminal, NodeSettings.Read(source, NodeMachine.OfProcess()));
            });
    }

    private static async Task<int> RunAsync(Terminal terminal, NodeSettings settings)
    {
        using var interrupts = new Interrupts();
        return await new NodeProcess(terminal, settings, interrupts).RunAsync();
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
