using System.Collections.Immutable;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Protocol;

/// <summary>Queued → Placing → Running ⇄ Paused → Finishing → Completed | Failed | Cancelled.</summary>
public enum JobState
{
    Queued,
    Placing,
    Running,
    Paused,
    Finishing,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>
/// What is true of a job for ever: its events. The job is their fold, and nothing of it that must
/// survive a crash is kept elsewhere. Weights are never events.
/// </summary>
public abstract record JobFact
{
    private JobFact()
    {
    }

    /// <param name="Shape">What the job needs to know of its plan, a function of recipe and data.</param>
    public sealed record Submitted(
        JobId Job, JobSpec Spec, string RecipeSha256, int ArithmeticVersion, RunShape Shape, DateTimeOffset At) : JobFact;

    /// <summary>A start or take-over (P1): stored before anything is sent in its name.</summary>
    public sealed record IncarnationStarted(long Incarnation, int Timeline) : JobFact;

    /// <summary>All parts of a checkpoint are durable (P9).</summary>
    public sealed record CheckpointRecorded(Checkpoint Checkpoint) : JobFact;

    /// <summary>A recorded checkpoint could not be read back; the one before it counts.</summary>
    public sealed record CheckpointLost(long Incarnation, long Item, string Reason) : JobFact;

    /// <summary>Nothing is committed after the last recorded checkpoint until <see cref="Resumed"/>.</summary>
    public sealed record Paused : JobFact;

    public sealed record Resumed : JobFact;

    /// <summary>Stored after the final checkpoint was recorded (P10).</summary>
    /// <param name="WeightsSha256">Over the dense weights in layout order (B13).</param>
    public sealed record Completed(string WeightsSha256, JobProgress Progress) : JobFact;

    public sealed record Failed(string Reason) : JobFact;

    public sealed record Cancelled : JobFact;
}

/// <summary>The size of a run, as far as its job must know it: a function of recipe, data and shards asked for.</summary>
/// <param name="ValidationInterval">As in the recipe; 0: only at the end.</param>
/// <param name="ValidationBatches">Of one validation; 0: none.</param>
/// <param name="Shards">As many as there are, which may be fewer than were asked for.</param>
public sealed record RunShape(
    long Steps, long ValidationInterval, long ValidationBatches, int Lanes, int Shards, long Parameters)
{
    /// <summary>The plan that all parties of the run follow (P14).</summary>
    public Plan Plan => new(Steps, ValidationInterval, ValidationBatches);

    public static RunShape Of(TrainingRun run, ShardLayout shards) => new(
        run.Plan.Steps,
        run.Recipe.Training.Validation.Interval,
        run.Plan.ValidationBatches,
        run.Lanes.Lanes,
        shards.Count,
        run.Layout.ParameterCount);
}

/// <summary>The hash of one part of a checkpoint: "shard-0", …, "lanes".</summary>
public sealed record PartHash(string Part, string Sha256);

/// <summary>A recorded checkpoint: the run after an item, which is a training step.</summary>
/// <param name="Incarnation">Which life saved it: part of its parts' keys (P9).</param>
/// <param name="Step">Training steps applied.</param>
/// <param name="Parts">Shards by index, then "lanes".</param>
/// <param name="RootSha256">Over the lines "part sha256\n" of all parts.</param>
public sealed record Checkpoint(
    long Incarnation, int Timeline, long Item, long Step, ImmutableArray<PartHash> Parts, string RootSha256, JobProgress Progress);

/// <summary>How far a job has come, as its reports say.</summary>
/// <param name="Item">The last committed item; −1: none yet.</param>
/// <param name="Step">Training steps committed.</param>
/// <param name="TrainingLoss">Mean over the last steps, nats per target.</param>
/// <param name="ValidationLoss">Of the last whole validation.</param>
/// <param name="ValidationAccuracy">Share of targets predicted right.</param>
/// <param name="ValidationExact">Share of sequences with every target right.</param>
public sealed record JobProgress(
    long Item, long Step, double? TrainingLoss, double? ValidationLoss, double? ValidationAccuracy, double? ValidationExact)
{
    public static JobProgress None { get; } = new(-1, 0, null, null, null, null);
}
