using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What a core asks of its shell. A worker emits <c>ComputeOrder</c>; shard and barrier
/// <see cref="SavePart"/> and <see cref="StopSelf"/>; the job all others; the barrier an
/// <see cref="Alarm"/> too.
/// </summary>
public abstract record Effect
{
    /// <summary>
    /// Shard or barrier: store this part durably under (job, part, incarnation, item), read it back, then
    /// tell the core <see cref="PartStored"/> or <see cref="PartNotStored"/>.
    /// </summary>
    /// <param name="Content">Valid until the core is told; then it is written over.</param>
    public sealed record SavePart(Epoch Epoch, long Item, string Part, ReadOnlyMemory<byte> Content) : Effect;

    /// <summary>Shard or barrier: a newer life of the job was heard of; this party is to be stopped (P1).</summary>
    public sealed record StopSelf(Epoch Newer) : Effect;

    /// <summary>
    /// Job: store the fact, then call <c>TrainingJob.Persisted</c>. Nothing else is handled before that.
    /// </summary>
    public sealed record Persist(JobFact Fact) : Effect;

    /// <summary>
    /// Job: stop what runs of older incarnations, then start the barrier and all shards of this one, each
    /// from its part of the checkpoint (checked against the hash) or from the beginning. A part that
    /// cannot be read: <see cref="JobProtocol.CheckpointUnreadable"/>.
    /// </summary>
    public sealed record StartRun(Epoch Epoch, Checkpoint? From) : Effect;

    /// <summary>Job: stop barrier and shards, and let workers and nodes forget the run.</summary>
    public sealed record StopRun(Epoch Epoch) : Effect;

    /// <summary>
    /// Job: assemble the final weights from the checkpoint, publish the model, and tell the job
    /// <see cref="JobProtocol.ModelPublished"/>. Asked again after a crash: idempotent.
    /// </summary>
    public sealed record PublishModel(Epoch Epoch, Checkpoint Final) : Effect;

    /// <summary>
    /// Job: delete every stored part that belongs to none of these and is no newer, by (incarnation, item),
    /// than the last of them: what is newer is being saved (P9). None are kept: delete all.
    /// </summary>
    public sealed record KeepCheckpoints(JobId Job, ImmutableArray<Checkpoint> Kept) : Effect;

    /// <summary>Job: items were committed for the first time in this job's process; watchers may be told.</summary>
    public sealed record ItemsSeen(ImmutableArray<JobProtocol.ItemReport> Items) : Effect;

    /// <summary>Job: the job's state changed; watchers and whoever waits for it may be told.</summary>
    public sealed record StateChanged(JobState State) : Effect;

    /// <summary>Job: its reason, or for whom it waits, changed; watchers may be told.</summary>
    public sealed record ViewChanged : Effect;

    /// <summary>Job or barrier: training goes on, but somebody may want to know.</summary>
    /// <param name="AsksForAction">It will not get better by itself: somebody has to do something.</param>
    public sealed record Alarm(string Reason, bool AsksForAction = false) : Effect;
}

/// <summary>From the shell to shard or barrier: the part is durable and was read back.</summary>
public sealed record PartStored(Epoch Epoch, long Item, string Sha256);

/// <summary>From the shell to shard or barrier: the part could not be stored.</summary>
public sealed record PartNotStored(Epoch Epoch, long Item, string Reason);
