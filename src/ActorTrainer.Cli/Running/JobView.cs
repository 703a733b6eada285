using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Running;

/// <summary>Shows a job's events as they come: progress, validations with samples, changes of state.</summary>
internal sealed class JobView(Terminal terminal, NodeClient client, Job job, TimeProvider clock)
{
    private const int RunningSampleLines = 3;
    private const int FinalSampleLines = 10;
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastingInterval = TimeSpan.FromSeconds(2);

    private readonly StatusDisplay _display = new(terminal);
    private readonly ProgressTracker _progress = new((long)job.TotalSteps, (long)job.Spec.Recipe.Training.Epochs);
    private readonly JobNature _nature = JobNature.Of(job);
    private readonly long _started = clock.GetTimestamp();
    private readonly long _stepsBefore = (long)job.StepsDone;
    private TimeSpan _shown = TimeSpan.MinValue;
    private TimeSpan _waitSaid = TimeSpan.MinValue;
    private Task _sampling = Task.CompletedTask;
    private bool _isPausing;

    /// <summary>The job as it was last told.</summary>
    public Job Job { get; private set; } = job;

    public ValidationResult? Validation { get; private set; }

    /// <summary>Of numbers, in the data's units, once the job is completed; null: there is none, or the node could give none.</summary>
    public Evaluation? Evaluation { get; private set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <summary>Of the steps that were watched as they were made.</summary>
    public double SequencesPerSecond => _progress.StepsPerSecond > 0
        ? _progress.StepsPerSecond * _nature.BatchSize
        : _progress.SequencesPerSecond;

    /// <summary>A line that stays, above the progress.</summary>
    public void Say(string line) => _display.Write(terminal.Fold(line));

    /// <summary>The user has asked for a pause: says so, and leaves it to the caller to say that it is done.</summary>
    public void SayPausing()
    {
        _isPausing = true;
        _display.EndLive();
        Say("pausing: writing a checkpoint (Ctrl-C again leaves at once)");
    }

    /// <summary>Until the job has ended.</summary>
    /// <returns>The job as it ended.</returns>
    public async Task<Job> ShowAsync(CancellationToken cancellation)
    {
        _progress.StartAt(_stepsBefore);
        try
        {
            await foreach (var happened in JobEvents.WatchAsync(client, Job.JobId, cancellation))
            {
                Show(happened, cancellation);
            }

            await _sampling;
            Job = await client.Jobs.GetJobAsync(new GetJobRequest { JobId = Job.JobId }, cancellationToken: cancellation);
            if (Job.State == JobState.Completed && _nature.IsText)
            {
                _display.Live("writing a sample …");
                Show(await TextSampler.SampleAsync(client, Job.JobId, cancellation), FinalSampleLines);
            }

            if (Job.State == JobState.Completed && _nature.Targets == JobTargets.Numbers)
            {
                _display.Live("measuring the model …");
                Evaluation = await ModelEvaluation.AskAsync(client, Job.JobId, cancellation);
            }
        }
        finally
        {
            _display.EndLive();
        }

        return Job;
    }

    private void Show(JobEvent happened, CancellationToken cancellation)
    {
        switch (happened.EventCase)
        {
            case JobEvent.EventOneofCase.Snapshot:
                ShowState(happened.Snapshot, cancellation);
                break;
            case JobEvent.EventOneofCase.Step:
                ShowStep(happened.Step);
                break;
            case JobEvent.EventOneofCase.Validation:
                ShowValidation(happened.Validation, cancellation);
                break;
        }
    }

    private void ShowState(Job now, CancellationToken cancellation)
    {
        var before = Job.State;
        Job = now;
        if (_isPausing)
        {
            return;
        }

        if (now.State == JobState.Placing && now.Reason.Length > 0)
        {
            ShowLack(now, cancellation);
        }

        if (now.State == before)
        {
            ShowWaits(now);
            return;
        }

        _progress.Interrupted();
        if (now.State == JobState.Paused)
        {
            _display.EndLive();
            Say($"paused at step {Quantity.Count(now.StepsDone)}{Because(now)}");
        }
        else if (now.State is JobState.Placing or JobState.Running && before is JobState.Paused)
        {
            Say($"going on from step {Quantity.Count(now.StepsRecorded)}");
        }
        else if (now.State == JobState.Finishing)
        {
            _display.Live("saving the model …");
        }
    }

    /// <summary>Whom a step waits for, while it does.</summary>
    private void ShowWaits(Job now)
    {
        if (now.Waits.Count > 0)
        {
            var text = string.Join("; ", now.Waits.Select(wait => SampleBlock.Clean(wait.Text)));
            _display.Live(WaitLine.Live(text, terminal.Columns() - 1));
            if (!terminal.IsLive && (_waitSaid < TimeSpan.Zero || Elapsed - PlainInterval >= _waitSaid))
            {
                _waitSaid = Elapsed;
                _display.Write(text);
            }
        }
        else if (now.State == JobState.Running && _progress.Loss is not null)
        {
            _display.Live(ProgressLine.Live(_progress, terminal.Columns() - 1));
        }
    }

    /// <summary>What a job waits for that is not running: at once in the line at the bottom; for good when it lasts.</summary>
    private void ShowLack(Job now, CancellationToken cancellation)
    {
        _display.Live(WaitLine.Live(SampleBlock.Clean(now.Reason), terminal.Columns() - 1));
        if (!terminal.IsLive)
        {
            _ = SayIfItLastsAsync(now, cancellation);
        }
    }

    private async Task SayIfItLastsAsync(Job now, CancellationToken cancellation)
    {
        await Task.Delay(LastingInterval, clock, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (Job.State == now.State && Job.Reason == now.Reason && !cancellation.IsCancellationRequested)
        {
            Say(SampleBlock.Clean(now.Reason));
        }
    }

    private void ShowStep(StepCommitted step)
    {
        if ((long)step.Step <= _stepsBefore)
        {
            // History of a run that is taken up again: it has no pace.
            return;
        }

        _progress.Step((long)step.Step, step.Loss, step.SequencesPerSecond, Elapsed);
        if (terminal.IsLive && !_isPausing && Elapsed - LiveInterval >= _shown)
        {
            _shown = Elapsed;
            _display.Live(ProgressLine.Live(_progress, terminal.Columns() - 1));
        }
        else if (!terminal.IsLive && (_shown < TimeSpan.Zero || Elapsed - PlainInterval >= _shown))
        {
            _shown = Elapsed;
            _display.Write(ProgressLine.Plain(_progress));
        }
    }

    private void ShowValidation(ValidationCommitted validation, CancellationToken cancellation)
    {
        Validation = new ValidationResult(validation.Loss, validation.Accuracy, validation.ExactSequences);
        var step = (long)validation.Step;
        _display.Write([.. terminal.Fold(ValidationLine.Format(_nature, step, Validation)).Select(terminal.Strong)]);

        // The last sample is asked for when the final weights stand; one at a time is enough.
        if (_nature.IsText && step > _stepsBefore && step < _progress.Steps && _sampling.IsCompleted)
        {
            _sampling = SampleAsync(cancellation);
        }
    }

    private async Task SampleAsync(CancellationToken cancellation) =>
        Show(await TextSampler.SampleAsync(client, Job.JobId, cancellation), RunningSampleLines);

    private void Show(string sample, int lines)
    {
        var block = SampleBlock.Format(sample, terminal.Columns() - 1, lines);
        if (block.Count > 0 && !_isPausing)
        {
            _display.Write([.. block.Select(terminal.Faint)]);
        }
    }

    private static string Because(Job job) => job.Reason.Length == 0 ? "" : $": {job.Reason}";
}
