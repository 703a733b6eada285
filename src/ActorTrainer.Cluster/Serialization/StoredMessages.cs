using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Protocol;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>Events and snapshots: what the journal and the snapshot store hold.</summary>
internal static class StoredMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        codecs.AddStored<JobFact.Submitted, Wire.Submitted>("fact-submitted", ToWire, FromWire);
        codecs.AddStored<JobFact.IncarnationStarted, Wire.IncarnationStarted>(
            "fact-incarnation-started",
            m => new Wire.IncarnationStarted { Incarnation = m.Incarnation, Timeline = m.Timeline },
            w => new JobFact.IncarnationStarted(w.Incarnation, w.Timeline));
        codecs.AddStored<JobFact.CheckpointRecorded, Wire.CheckpointFact>(
            "fact-checkpoint-recorded",
            m => new Wire.CheckpointFact { Checkpoint = ToWire(m.Checkpoint) },
            w => new JobFact.CheckpointRecorded(FromWire(w.Checkpoint)));
        codecs.AddStored<JobFact.CheckpointLost, Wire.CheckpointLost>(
            "fact-checkpoint-lost",
            m => new Wire.CheckpointLost { Incarnation = m.Incarnation, Item = m.Item, Reason = m.Reason },
            w => new JobFact.CheckpointLost(w.Incarnation, w.Item, w.Reason));
        codecs.AddStored<JobFact.Paused, Wire.PausedFact>("fact-paused", _ => new Wire.PausedFact(), _ => new JobFact.Paused());
        codecs.AddStored<JobFact.Resumed, Wire.ResumedFact>("fact-resumed", _ => new Wire.ResumedFact(), _ => new JobFact.Resumed());
        codecs.AddStored<JobFact.Completed, Wire.CompletedFact>(
            "fact-completed",
            m => new Wire.CompletedFact { WeightsSha256 = m.WeightsSha256, Progress = ToWire(m.Progress) },
            w => new JobFact.Completed(w.WeightsSha256, FromWire(w.Progress)));
        codecs.AddStored<JobFact.Failed, Wire.FailedFact>(
            "fact-failed", m => new Wire.FailedFact { Reason = m.Reason }, w => new JobFact.Failed(w.Reason));
        codecs.AddStored<JobFact.Cancelled, Wire.CancelledFact>(
            "fact-cancelled", _ => new Wire.CancelledFact(), _ => new JobFact.Cancelled());
        codecs.AddStored<RegistryFact.JobRegistered, Wire.JobRegistered>(
            "registry-job-registered",
            m => new Wire.JobRegistered { RequestId = m.RequestId, Submitted = ToWire(m.Submitted) },
            w => new RegistryFact.JobRegistered(w.RequestId, FromWire(w.Submitted)));
        codecs.AddStored<RegistryFact.JobEnded, Wire.JobEnded>(
            "registry-job-ended",
            m => new Wire.JobEnded { View = RegistryMessages.ToWire(m.View) },
            w => new RegistryFact.JobEnded(RegistryMessages.FromWire(w.View)));
        codecs.AddStored<RegistrySnapshot, Wire.RegistrySnapshot>(
            "registry-snapshot",
            m => new Wire.RegistrySnapshot { Jobs = { m.Jobs.Select(ToWire) } },
            w => new RegistrySnapshot([.. w.Jobs.Select(FromWire)]));
        codecs.AddStored<CheckpointPart, Wire.CheckpointPart>(
            "checkpoint-part",
            m => new Wire.CheckpointPart { Content = UnsafeByteOperations.UnsafeWrap(m.Content), Sha256 = m.Sha256, Chunks = m.Chunks, TotalBytes = m.TotalBytes },

            // Parts from before there were chunks are whole.
            w => new CheckpointPart(w.Content.Memory, w.Sha256, Math.Max(1, w.Chunks), w.Chunks == 0 ? w.Content.Length : w.TotalBytes));
    }

    private static Wire.RegisteredJob ToWire(RegistrySnapshot.Job job)
    {
        var wire = new Wire.RegisteredJob { RequestId = job.RequestId, Submitted = ToWire(job.Submitted) };
        if (job.Ended is not null)
        {
            wire.Ended = RegistryMessages.ToWire(job.Ended);
            wire.Ended.Spec = null;
        }

        return wire;
    }

    private static RegistrySnapshot.Job FromWire(Wire.RegisteredJob wire)
    {
        var submitted = FromWire(wire.Submitted);
        return new RegistrySnapshot.Job(wire.RequestId, submitted, wire.Ended is null ? null : RegistryMessages.FromWire(wire.Ended, submitted.Spec));
    }

    private static Wire.Submitted ToWire(JobFact.Submitted fact) => new()
    {
        Job = fact.Job.Value,
        Spec = fact.Spec.ToWire(),
        RecipeSha256 = fact.RecipeSha256,
        ArithmeticVersion = fact.ArithmeticVersion,
        Shape = new Wire.RunShape
        {
            Steps = fact.Shape.Steps,
            ValidationInterval = fact.Shape.ValidationInterval,
            ValidationBatches = fact.Shape.ValidationBatches,
            Lanes = fact.Shape.Lanes,
            Shards = fact.Shape.Shards,
            Parameters = fact.Shape.Parameters,
        },
        AtUnixMilliseconds = fact.At.ToUnixTimeMilliseconds(),
    };

    private static JobFact.Submitted FromWire(Wire.Submitted wire) => new(
        new JobId(wire.Job),
        wire.Spec.FromWire(),
        wire.RecipeSha256,
        wire.ArithmeticVersion,
        new RunShape(
            wire.Shape.Steps,
            wire.Shape.ValidationInterval,
            wire.Shape.ValidationBatches,
            wire.Shape.Lanes,
            wire.Shape.Shards,
            wire.Shape.Parameters),
        DateTimeOffset.FromUnixTimeMilliseconds(wire.AtUnixMilliseconds));

    private static Wire.Checkpoint ToWire(Checkpoint checkpoint) => new()
    {
        Incarnation = checkpoint.Incarnation,
        Timeline = checkpoint.Timeline,
        Item = checkpoint.Item,
        Step = checkpoint.Step,
        Parts = { checkpoint.Parts.Select(part => new Wire.PartHash { Part = part.Part, Sha256 = part.Sha256 }) },
        RootSha256 = checkpoint.RootSha256,
        Progress = ToWire(checkpoint.Progress),
    };

    private static Checkpoint FromWire(Wire.Checkpoint wire) => new(
        wire.Incarnation,
        wire.Timeline,
        wire.Item,
        wire.Step,
        [.. wire.Parts.Select(part => new PartHash(part.Part, part.Sha256))],
        wire.RootSha256,
        FromWire(wire.Progress));

    private static Wire.JobProgress ToWire(JobProgress progress)
    {
        var wire = new Wire.JobProgress { Item = progress.Item, Step = progress.Step };
        if (progress.TrainingLoss is { } training)
        {
            wire.TrainingLoss = training;
        }

        if (progress.ValidationLoss is { } validation)
        {
            wire.ValidationLoss = validation;
        }

        if (progress.ValidationAccuracy is { } accuracy)
        {
            wire.ValidationAccuracy = accuracy;
        }

        if (progress.ValidationExact is { } exact)
        {
            wire.ValidationExact = exact;
        }

        return wire;
    }

    private static JobProgress FromWire(Wire.JobProgress wire) => new(
        wire.Item,
        wire.Step,
        wire.HasTrainingLoss ? wire.TrainingLoss : null,
        wire.HasValidationLoss ? wire.ValidationLoss : null,
        wire.HasValidationAccuracy ? wire.ValidationAccuracy : null,
        wire.HasValidationExact ? wire.ValidationExact : null);
}
