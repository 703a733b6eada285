using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer job …`: the jobs of the node that runs in a data directory.</summary>
internal static class JobCommand
{
    public static Command Create(Terminal terminal) => new("job", "Submit, list, watch and steer jobs of a running node.")
    {
        JobSubmitCommand.Create(terminal),
        JobListCommand.Create(terminal),
        Simple(terminal, "get", "Show one job.", "job get self-portrait-k3f9", opensNode: true,
            async (client, id) => await client.Jobs.GetJobAsync(new GetJobRequest { JobId = id })),
        JobWatchCommand.Create(terminal),
        Simple(terminal, "cancel", "End a job where it is; its checkpoints go.", "job cancel self-portrait-k3f9", opensNode: true,
            async (client, id) => await client.Jobs.CancelJobAsync(new CancelJobRequest { JobId = id })),
        Simple(terminal, "pause", "Write a checkpoint and release the workers; answers when it is durable.", "job pause self-portrait-k3f9", opensNode: false,
            async (client, id) => await client.Jobs.PauseJobAsync(new PauseJobRequest { JobId = id })),
        Simple(terminal, "resume", "Go on with a paused job.", "job resume self-portrait-k3f9", opensNode: false,
            async (client, id) => await client.Jobs.ResumeJobAsync(new ResumeJobRequest { JobId = id })),
    };

    /// <summary>A command that does one thing to one job and shows it.</summary>
    /// <param name="opensNode">It makes sense without a running node, too: one is started for it.</param>
    private static Command Simple(
        Terminal terminal, string name, string description, string example, bool opensNode, Func<NodeClient, string, Task<Job>> call)
    {
        var job = CommonOptions.JobId();
        var (output, home) = (CommonOptions.Output(), new NodeChoice());
        return new Command(name, description) { job, output, home }
            .WithExamples(example)
            .Runs(terminal, async line =>
            {
                var where = home.Of(line);
                await using var node = opensNode
                    ? await NodeSession.OpenExistingAsync(where, CancellationToken.None)
                    : await NodeSession.AttachAsync(where, CancellationToken.None);
                var result = await call(node.Client, line.GetRequiredValue(job));
                terminal.Output.WriteLine(line.GetRequiredValue(output) == "json"
                    ? JobReport.ToJson(result)
                    : string.Join(Environment.NewLine, JobReport.ToText(result)));
                return ExitCode.Success;
            });
    }
}
