namespace ActorTrainer.Cli.Reports;

/// <summary>What is known of a run that is being watched. The time is an argument, so that reports can be tested.</summary>
/// <param name="steps">Of the whole run.</param>
/// <param name="epochs">Passes over the data that they make; 0: the run counts steps.</param>
internal sealed class ProgressTracker(long steps, long epochs = 0)
{
    private (long Step, TimeSpan At)? _first;
    private (long Step, TimeSpan At)? _last;

    public long Steps { get; } = steps;

    public long StepsDone { get; private set; }

    /// <summary>"epoch 2 of 10", of the newest step; null where epochs are not counted.</summary>
    public string? Epoch => epochs == 0 || Steps == 0
        ? null
        : $"epoch {Quantity.Count(Math.Clamp((Math.Max(0, StepsDone - 1) / Math.Max(1, Steps / epochs)) + 1, 1, epochs))} of {Quantity.Count(epochs)}";

    /// <summary>Nats a target, of the newest step; null before the first.</summary>
    public double? Loss { get; private set; }

    /// <summary>Sequences a second over the last seconds, as the node measures it.</summary>
    public double SequencesPerSecond { get; private set; }

    /// <summary>Of the part that was watched, validations included; 0 before two steps were seen.</summary>
    public double StepsPerSecond => _first is { } first && _last is { } last && last.At > first.At
        ? (last.Step - first.Step) / (last.At - first.At).TotalSeconds
        : 0;

    /// <summary>How long the rest will take at the pace so far; null while there is none.</summary>
    public TimeSpan? TimeLeft => StepsPerSecond > 0 ? TimeSpan.FromSeconds(Math.Min((Steps - StepsDone) / StepsPerSecond, 1e8)) : null;

    public double Share => Steps == 0 ? 1 : Math.Clamp((double)StepsDone / Steps, 0, 1);

    /// <summary>The job stands at this step, whoever made it.</summary>
    public void StartAt(long step) => StepsDone = Math.Max(StepsDone, step);

    public void Step(long step, double loss, double sequencesPerSecond, TimeSpan now)
    {
        (StepsDone, Loss, SequencesPerSecond) = (step, loss, sequencesPerSecond);
        _first ??= (step, now);
        _last = (step, now);
    }

    /// <summary>The job waited, or its node went: the pace is measured anew.</summary>
    public void Interrupted() => (_first, _last) = (null, null);
}
