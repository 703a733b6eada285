using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Machines;

/// <summary>A job as the fold of its facts, and nothing else: the same facts give the same record.</summary>
/// <param name="Submission">Null before the first fact.</param>
/// <param name="State">Queued, Placing, Paused or an end; what lies between is known only to a living job.</param>
/// <param name="Incarnation">The last that was started; 0: none.</param>
/// <param name="Recorded">Recorded checkpoints that are kept, oldest first, at most two.</param>
/// <param name="Reason">Why it ended, where that is not plain.</param>
public sealed record JobRecord(
    JobFact.Submitted? Submission,
    JobState State,
    long Incarnation,
    int Timeline,
    ImmutableArray<Checkpoint> Recorded,
    string Reason,
    string? WeightsSha256,
    JobProgress Progress)
{
    /// <summary>Recorded checkpoints that stay (P9).</summary>
    public const int Kept = 2;

    public static JobRecord Empty { get; } = new(null, JobState.Queued, 0, 0, [], "", null, JobProgress.None);

    public bool HasEnded => State is JobState.Completed or JobState.Failed or JobState.Cancelled;

    /// <summary>Where the next incarnation starts; null: at the beginning.</summary>
    public Checkpoint? Newest => Recorded.IsEmpty ? null : Recorded[^1];

    public JobRecord With(JobFact fact) => fact switch
    {
        JobFact.Submitted submitted => this with { Submission = submitted, State = JobState.Queued },
        JobFact.IncarnationStarted started => this with { Incarnation = started.Incarnation, Timeline = started.Timeline, State = JobState.Placing },
        JobFact.CheckpointRecorded recorded => this with
        {
            Recorded = [.. Recorded.Append(recorded.Checkpoint).TakeLast(Kept)],
            Progress = recorded.Checkpoint.Progress,
        },
        JobFact.CheckpointLost lost => this with
        {
            Recorded = Recorded.RemoveAll(checkpoint => checkpoint.Incarnation == lost.Incarnation && checkpoint.Item == lost.Item),
        },
        JobFact.Paused => this with { State = JobState.Paused },
        JobFact.Resumed => this with { State = JobState.Queued },
        JobFact.Completed completed => this with
        {
            State = JobState.Completed,
            WeightsSha256 = completed.WeightsSha256,
            Progress = completed.Progress,
            Recorded = [.. Recorded.TakeLast(1)],
        },
        JobFact.Failed failed => this with { State = JobState.Failed, Reason = failed.Reason },
        JobFact.Cancelled => this with { State = JobState.Cancelled, Recorded = [] },
        _ => this,
    };
}
