using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer job watch`: shows a job's progress to its end; watching does not touch it.</summary>
internal static class JobWatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = CommonOptions.JobId();
        var (output, home) = (CommonOptions.Output(), new NodeChoice());
        return new Command("watch", "Watch a job to its end; Ctrl-C stops watching, not the job.") { job, output, home }
            .WithExamples("job watch self-portrait-k3f9")
            .Runs(terminal, async line =>
            {
                await using var node = await NodeSession.AttachAsync(home.Of(line), CancellationToken.None);
                var found = await node.Client.Jobs.GetJobAsync(new GetJobRequest { JobId = line.GetRequiredValue(job) });
                return await WatchAsync(terminal, node, found, line.GetRequiredValue(output) == "json");
            });
    }

    internal static async Task<int> WatchAsync(Terminal terminal, NodeSession node, Job job, bool asJson)
    {
        using var interrupts = new Interrupts();
        return await new TrainingSession(terminal, node, interrupts, asJson).WatchAsync(job);
    }
}
