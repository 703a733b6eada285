using System.Diagnostics;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>Watches one job to its end, or to the user's Ctrl-C, and reports how it went.</summary>
/// <param name="asJson">The result is one JSON object.</param>
internal sealed class TrainingSession(Terminal terminal, NodeSession node, Interrupts interrupts, bool asJson)
{
    /// <summary>As <see cref="FollowAsync"/>, but Ctrl-C leaves the job alone.</summary>
    public async Task<int> WatchAsync(Job job)
    {
        var view = new JobView(terminal, node.Client, job, TimeProvider.System);
        try
        {
            return Report(view, await view.ShowAsync(interrupts.Requested));
        }
        catch (Exception left) when (interrupts.Requested.IsCancellationRequested && left is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            terminal.Error.WriteLine($"{job.JobId} goes on; watch it again with: {ProgramName.Here} job watch {job.JobId}{node.Home.Option}");
            return interrupts.ExitCode;
        }
    }

    /// <summary>Ctrl-C pauses the job.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(Job job)
    {
        var view = new JobView(terminal, node.Client, job, TimeProvider.System);
        using var errors = new NodeErrors(node.Log, view.Say);
        using var leaving = new CancellationTokenSource();
        var showing = view.ShowAsync(leaving.Token);
        await Task.WhenAny(showing, WhenRequested(leaving.Token));
        if (!showing.IsCompleted && await PauseAsync(view) is { } paused)
        {
            await leaving.CancelAsync();
            await showing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            SayHowToResume(paused);
            return interrupts.ExitCode;
        }

        var ended = await showing;
        await leaving.CancelAsync();
        return Report(view, ended);
    }

    /// <summary>The command that takes a job up again.</summary>
    public string ResumeCommand(string job) => node.IsEmbedded
        ? $"{ProgramName.Here} train --resume {job}{node.Home.Option}"
        : $"{ProgramName.Here} job resume {job}{node.Home.Option}";

    private async Task WhenRequested(CancellationToken leaving)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Requested, leaving);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The job, durably paused; null if it had ended before.</summary>
    private async Task<Job?> PauseAsync(JobView view)
    {
        view.SayPausing();
        try
        {
            return await node.Client.Jobs.PauseJobAsync(new PauseJobRequest { JobId = view.Job.JobId });
        }
        catch (RpcException ended) when (ended.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
    }

    private void SayHowToResume(Job paused)
    {
        terminal.Error.WriteLine(
            $"{paused.JobId} is paused at step {Quantity.Count(paused.StepsDone)} of {Quantity.Count(paused.TotalSteps)}; go on with:");
        terminal.Error.WriteLine($"  {ResumeCommand(paused.JobId)}");
    }

    private int Report(JobView view, Job ended)
    {
        if (ended.State != JobState.Completed)
        {
            var outcome = ended.State == JobState.Cancelled ? "was cancelled" : "failed";
            var reason = ended.Reason.Length == 0 ? "" : $": {ended.Reason}";
            throw new FailureException($"job {ended.JobId} {outcome} at step {Quantity.Count(ended.StepsDone)}{reason}");
        }

        using var process = Process.GetCurrentProcess();
        var summary = new TrainingSummary(
            ended.JobId,
            JobNature.Of(ended),
            (long)ended.StepsDone,
            view.Elapsed.TotalSeconds,
            view.SequencesPerSecond,
            ended.HasTrainingLoss ? ended.TrainingLoss : null,
            view.Validation ?? ValidationResult.Of(ended),
            node.Home.Remote is null ? Path.Combine(node.Home.Path, "models", ended.JobId + ".safetensors") : null,
            ended.WeightsSha256,
            process.PeakWorkingSet64,
            node.IsEmbedded)
        {
            Evaluation = view.Evaluation,
        };
        terminal.Output.WriteLine(asJson ? summary.ToJson() : string.Join(Environment.NewLine, summary.ToText(ProgramName.Here, node.Home.Option)));
        terminal.Output.Flush();
        return ExitCode.Success;
    }
}
