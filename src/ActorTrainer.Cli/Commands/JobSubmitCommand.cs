using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer job submit`: hands a job to the running node and returns.</summary>
internal static class JobSubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = CommonOptions.JobFile();
        var (workers, set, output, home) = (CommonOptions.Workers(), CommonOptions.Set(), CommonOptions.Output(), new NodeChoice());
        var id = new Option<string?>("--job-id")
        {
            Description = "The job's id: a-z, 0-9 and -, beginning with a letter [default: made from the file's name]",
            HelpName = "JOB",
        };
        var watch = new Option<bool>("--watch") { Description = "Watch the job to its end; Ctrl-C stops watching, not the job" };
        return new Command("submit", "Submit a job file to the running node.") { file, workers, set, id, watch, output, home }
            .WithExamples("job submit examples/self-portrait.yaml", "job submit examples/self-portrait.yaml --job-id portrait --watch")
            .Runs(terminal, async line =>
            {
                var prepared = PreparedJob.Read(line.GetRequiredValue(file), CommonOptions.Settings(line, set, workers));
                prepared.CheckData();
                await using var node = await NodeSession.AttachAsync(home.Of(line), CancellationToken.None);
                await prepared.UploadAsync(node.Client, CancellationToken.None);
                var job = await node.Client.Jobs.SubmitJobAsync(new SubmitJobRequest
                {
                    RequestId = Guid.NewGuid().ToString("n"),
                    JobId = line.GetValue(id) ?? JobIds.New(prepared.File),
                    Spec = prepared.Spec,
                });
                var asJson = line.GetRequiredValue(output) == "json";
                foreach (var remark in prepared.Remarks)
                {
                    terminal.Error.WriteLine($"note: {remark}");
                }

                if (line.GetValue(watch))
                {
                    terminal.Error.WriteLine(job.JobId);
                    return await JobWatchCommand.WatchAsync(terminal, node, job, asJson);
                }

                terminal.Output.WriteLine(asJson ? JobReport.ToJson(job) : job.JobId);
                return ExitCode.Success;
            });
    }
}
