using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>What a gateway and the job registry say to each other.</summary>
public static class RegistryProtocol
{
    /// <summary>How long the weights of a <see cref="ModelOffered"/> are kept for whoever asked.</summary>
    public const int ModelOfferSeconds = 60;

    /// <summary>
    /// Stores a job under a request id; answered after it is stored. A repeated request id answers with
    /// the job it made. Reply: <see cref="JobView"/>, <see cref="Refused"/>.
    /// </summary>
    /// <param name="Job">Null: the registry makes an id from the request id.</param>
    public sealed record Submit(string RequestId, JobId? Job, JobSpec Spec);

    /// <summary>Reply: <see cref="JobView"/> or <see cref="JobNotFound"/>.</summary>
    public sealed record GetJob(JobId Job);

    /// <summary>Newest first. Reply: <see cref="JobPage"/>.</summary>
    /// <param name="After">The last job of the page before; null for the first page.</param>
    public sealed record ListJobs(int PageSize, JobId? After);

    /// <summary>Reply: <see cref="JobView"/> once durable, <see cref="JobNotFound"/>, <see cref="Refused"/>.</summary>
    public sealed record Cancel(JobId Job);

    /// <summary>Reply, once the checkpoint is recorded: <see cref="JobView"/>; <see cref="JobNotFound"/>, <see cref="Refused"/>.</summary>
    public sealed record Pause(JobId Job);

    /// <summary>Reply: <see cref="JobView"/>, <see cref="JobNotFound"/>, <see cref="Refused"/>.</summary>
    public sealed record Resume(JobId Job);

    /// <summary>
    /// Sends the job's events after a sequence number to the subscriber until it ends or the subscriber
    /// stops: <see cref="JobEvent"/>s, first a <see cref="JobEvent.Snapshot"/> of the job as it is now,
    /// at last <see cref="WatchEnded"/>; or <see cref="JobNotFound"/>. Asked again by the same subscriber
    /// (it heard nothing for a while), the newer request replaces the older.
    /// </summary>
    public sealed record Watch(JobId Job, long AfterSequence, IActorRef Subscriber);

    /// <summary>
    /// The newest weights there are: of a running job the last version that is whole. Reply:
    /// <see cref="ModelView"/> where the weights are in the asker's process, else <see cref="ModelOffered"/>;
    /// <see cref="JobNotFound"/>, <see cref="Refused"/>.
    /// </summary>
    public sealed record GetModel(JobId Job);

    public sealed record JobNotFound(JobId Job);

    /// <summary>The job has ended and every event of it was sent to this subscriber.</summary>
    public sealed record WatchEnded(JobId Job);

    /// <summary>The request makes no sense in the job's state; the reason says what would.</summary>
    public sealed record Refused(string Reason);

    public sealed record JobPage(ImmutableArray<JobView> Jobs, JobId? Next);

    /// <summary>
    /// A model as it is told to another process: its weights, and the schema that belongs to them, are to be
    /// fetched within <see cref="ModelOfferSeconds"/>.
    /// </summary>
    /// <param name="Weights">All weights in layout order (B13).</param>
    /// <param name="Schema">The schema's JSON in UTF-8, in the bytes of a tensor, of which the last may be filled up.</param>
    /// <param name="WeightsSha256">Null while the job is not completed.</param>
    public sealed record ModelOffered(JobId Job, Recipe Recipe, long Step, Ticket Weights, Ticket Schema, int SchemaBytes, string? WeightsSha256);
}

/// <summary>A trained or training model, readable in this process.</summary>
/// <param name="Weights">All weights in layout order (B13).</param>
/// <param name="File">Path of the safetensors file, where the job is completed and the file is this node's.</param>
/// <param name="WeightsSha256">Null while the job is not completed.</param>
public sealed record ModelView(JobId Job, Recipe Recipe, long Step, ImmutableArray<float> Weights, string? File, string? WeightsSha256)
{
    /// <summary>What the model remembers of its data; null where the file says so.</summary>
    public DataSchema? Schema { get; init; }
}

/// <summary>A job as a client sees it.</summary>
/// <param name="ValidationExactSequences">Share of the sequences with every target right, in the last validation.</param>
/// <param name="TotalSteps">Training steps of the whole run, also where the recipe counts epochs.</param>
public sealed record JobView(
    JobId Job,
    JobSpec Spec,
    string RecipeSha256,
    int ArithmeticVersion,
    JobState State,
    string Reason,
    DateTimeOffset SubmittedAt,
    long StepsDone,
    long StepsRecorded,
    double? TrainingLoss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationExactSequences,
    string? WeightsSha256,
    long Parameters,
    long TotalSteps)
{
    /// <summary>For whom the next step waits longer than is usual; nobody while all goes well.</summary>
    public ImmutableArray<JobWait> Waits { get; init; } = [];
}

/// <summary>
/// What happens to a job. The sequence grows within a job and is a function of timeline, item and
/// kind, so that a step repeated after a recovery has its old number and a watcher sees it once (P8).
/// </summary>
public abstract record JobEvent(long Sequence)
{
    public sealed record Snapshot(long Sequence, JobView Job) : JobEvent(Sequence);

    public sealed record StepCommitted(long Sequence, long Step, double Loss, double GradientNorm, double LearningRate, double SequencesPerSecond) : JobEvent(Sequence);

    public sealed record ValidationCommitted(long Sequence, long Step, double Loss, double Accuracy, double ExactSequences) : JobEvent(Sequence);

    public sealed record CheckpointRecorded(long Sequence, long Step) : JobEvent(Sequence);
}
