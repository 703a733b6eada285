using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Training;
using Grpc.Core;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer train`: a job file in, a trained model out.</summary>
internal sealed class TrainCommand(Terminal terminal)
{
    /// <summary>Jobs among which an unfinished one is looked for.</summary>
    private const int MostListed = 1_000;

    public static Command Create(Terminal terminal)
    {
        var file = CommonOptions.JobFile();
        file.Arity = ArgumentArity.ZeroOrOne;
        var (workers, set, output, home) = (CommonOptions.Workers(), CommonOptions.Set(), CommonOptions.Output(), new NodeChoice());
        var resume = new Option<string?>("--resume")
        {
            Description = "Go on with a job that was interrupted, instead of starting one from a file",
            HelpName = "JOB",
        };
        var command = new Command("train", "Train a model from a job file and wait for it.")
        {
            file, workers, set, output, resume, home,
        };
        command.Validators.Add(result =>
        {
            var (hasFile, resumes) = (result.GetValue(file) is not null, result.GetValue(resume) is not null);
            if (hasFile == resumes)
            {
                result.AddError(hasFile ? "give a job file or --resume, not both" : "give a job file, such as examples/binary-addition.yaml, or --resume JOB");
            }
            else if (resumes && (result.GetResult(workers) is not null || result.GetResult(set) is { Implicit: false }))
            {
                result.AddError("--resume goes on with a job as it was submitted; it takes neither --workers nor --set");
            }
        });
        return command
            .WithExamples(
                "train examples/binary-addition.yaml",
                "train examples/self-portrait.yaml --workers 2 --set training.steps=500",
                "train examples/binary-addition.yaml -o json > result.json",
                "train --resume self-portrait-k3f9")
            .Runs(terminal, async line =>
            {
                var train = new TrainCommand(terminal);
                var dataHome = home.Of(line);
                var asJson = line.GetRequiredValue(output) == "json";
                return line.GetValue(resume) is { } job
                    ? await train.ResumeAsync(job, dataHome, asJson)
                    : await train.StartAsync(line.GetValue(file)!, CommonOptions.Settings(line, set, workers), dataHome, asJson);
            });
    }

    private async Task<int> StartAsync(string file, IReadOnlyList<Setting> settings, DataHome home, bool asJson)
    {
        using var interrupts = new Interrupts();
        TrainingNode.ProbeAhead();
        var prepared = PreparedJob.Read(file, settings);
        var checking = Task.Run(prepared.CheckData);
        _ = RehearseAsync(checking);
        await using var node = await NodeSession.OpenAsync(home, interrupts.Requested);
        await checking;
        terminal.Warn(node.Warning);
        var session = new TrainingSession(terminal, node, interrupts, asJson);
        await MentionUnfinishedAsync(file, node, session, interrupts.Requested);
        await prepared.UploadAsync(node.Client, interrupts.Requested);

        var validated = await node.Client.Jobs.ValidateJobAsync(
            new ValidateJobRequest { Spec = prepared.Spec }, cancellationToken: interrupts.Requested);
        var job = await node.Client.Jobs.SubmitJobAsync(
            new SubmitJobRequest { RequestId = Guid.NewGuid().ToString("n"), JobId = JobIds.New(file), Spec = prepared.Spec },
            cancellationToken: interrupts.Requested);
        var parameters = validated.HasParameters ? validated.Parameters : job.Parameters;
        foreach (var line in JobIntroduction.Format(job.JobId, prepared, parameters, job.TotalSteps, node.IsEmbedded, home).SelectMany(terminal.Fold))
        {
            terminal.Error.WriteLine(line);
        }

        return await session.FollowAsync(job);
    }

    /// <summary>Has the first step's code compiled while the node starts; nobody waits for it.</summary>
    private static async Task RehearseAsync(Task<TrainingRun?> checking)
    {
        if (await checking is { } run)
        {
            Rehearsal.Of(run);
        }
    }

    private async Task<int> ResumeAsync(string id, DataHome home, bool asJson)
    {
        using var interrupts = new Interrupts();
        await using var node = await NodeSession.OpenExistingAsync(home, interrupts.Requested);
        terminal.Warn(node.Warning);
        var job = await node.Client.Jobs.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: interrupts.Requested);
        if (job.State is JobState.Failed or JobState.Cancelled)
        {
            throw new FailureException($"job {id} has {(job.State == JobState.Failed ? $"failed: {job.Reason}" : "been cancelled")}; it cannot go on");
        }

        if (job.State == JobState.Paused)
        {
            job = await node.Client.Jobs.ResumeJobAsync(new ResumeJobRequest { JobId = id }, cancellationToken: interrupts.Requested);
        }

        if (job.State != JobState.Completed)
        {
            terminal.Error.WriteLine(
                $"{id}: going on from step {Quantity.Count(job.StepsRecorded)} of {Quantity.Count(job.TotalSteps)}");
        }

        return await new TrainingSession(terminal, node, interrupts, asJson).FollowAsync(job);
    }

    /// <summary>
    /// Runs of the same file that never ended are not lost, and not taken for the new one. In a node of our
    /// own, one that was killed would go on by itself beside the new run; it is paused.
    /// </summary>
    private async Task MentionUnfinishedAsync(string file, NodeSession node, TrainingSession session, CancellationToken cancellation)
    {
        var listed = await node.Client.Jobs.ListJobsAsync(
            new ListJobsRequest { PageSize = MostListed }, cancellationToken: cancellation);
        foreach (var job in listed.Jobs.Where(job => JobIds.IsOf(file, job.JobId) && !JobStates.IsOver(job.State)))
        {
            var unfinished = job;
            if (node.IsEmbedded && job.State != JobState.Paused)
            {
                try
                {
                    unfinished = await node.Client.Jobs.PauseJobAsync(new PauseJobRequest { JobId = job.JobId });
                }
                catch (RpcException ended) when (ended.StatusCode == StatusCode.FailedPrecondition)
                {
                    continue;
                }
            }

            var state = JobStates.Name(unfinished.State);
            terminal.Error.WriteLine(
                $"note: job {job.JobId} of this file is unfinished: step {Quantity.Count(unfinished.StepsRecorded)} of {Quantity.Count(job.TotalSteps)}, {state}.");
            terminal.Error.WriteLine(unfinished.State == JobState.Paused
                ? $"      To go on with it instead: {session.ResumeCommand(job.JobId)}"
                : $"      To watch it instead: {ProgramName.Here} job watch {job.JobId}{node.Home.Option}");
        }
    }
}
