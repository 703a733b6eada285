using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer data list`.</summary>
internal static class DataListCommand
{
    public static Command Create(Terminal terminal)
    {
        var (output, home, limit) = (CommonOptions.Output(), new NodeChoice(), CommonOptions.Limit("data sets"));
        return new Command("list", "List the data sets of a node, newest first.") { limit, output, home }
            .WithExamples("data list", "data list --limit 5 -o json")
            .Runs(terminal, async line =>
            {
                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), CancellationToken.None);
                var listed = await node.Client.Datasets.ListDatasetsAsync(new ListDatasetsRequest { PageSize = line.GetValue(limit) });
                if (line.GetRequiredValue(output) == "json")
                {
                    terminal.Output.WriteLine(JobReport.ToJson(listed));
                }
                else if (listed.Datasets.Count == 0)
                {
                    terminal.Output.WriteLine("no data yet");
                }
                else
                {
                    terminal.Output.WriteLine(string.Join(Environment.NewLine, DataReport.ToTable(listed.Datasets, DateTimeOffset.UtcNow)));
                }

                return ExitCode.Success;
            });
    }
}
