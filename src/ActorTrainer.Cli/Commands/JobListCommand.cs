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
        var (output, home) = (CommonOptions.Output(), CommonOptions.DataDirectory());
        var limit = new Option<int>("--limit")
        {
            Description = "How many jobs at most, from 1 to 1000",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--limit is from 1 to 1000");
            }
        });
        return new Command("list", "List the jobs, newest first.") { limit, output, home }
            .WithExamples("job list", "job list --limit 5 -o json")
            .Runs(terminal, async line =>
            {
                await using var node = await NodeSession.OpenExistingAsync(DataHome.Of(line.GetValue(home)), CancellationToken.None);
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
