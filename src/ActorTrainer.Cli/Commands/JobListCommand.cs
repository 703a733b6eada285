using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer job list`.</summary>
internal static class JobListCommand
{
    public static Command Create(Terminal terminal)
    {
        var (output, home, limit) = (CommonOptions.Output(), new NodeChoice(), CommonOptions.Limit("jobs"));
        return new Command("list", "List the jobs, newest first.") { limit, output, home }
            .WithExamples("job list", "job list --limit 5 -o json")
            .Runs(terminal, async line =>
            {
                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), CancellationToken.None);
                var listed = await node.Client.Jobs.ListJobsAsync(
                    new ListJobsRequest { PageSize = line.GetValue(limit) });
                if (line.GetRequiredValue(output) == "json")
                {
                    terminal.Output.WriteLine(JobReport.ToJson(listed));
                }
                else if (listed.Jobs.Count == 0)
                {
                    terminal.Output.WriteLine("no jobs yet");
                }
                else
                {
                    terminal.Output.WriteLine(string.Join(Environment.NewLine, JobReport.ToTable(listed.Jobs, DateTimeOffset.UtcNow)));
                }

                return ExitCode.Success;
            });
    }
}
