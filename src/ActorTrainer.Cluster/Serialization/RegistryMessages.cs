using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary><see cref="RegistryProtocol"/> and <see cref="JobEvent"/> on the wire.</summary>
internal static class RegistryMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        AddRequests(codecs);
        AddAnswers(codecs);
        AddEvents(codecs);
    }

    private static void AddRequests(MessageCodecs codecs)
    {
        codecs.Add<Submit, Wire.Submit>(
            "submit",
            m =>
            {
                var wire = new Wire.Submit { RequestId = m.RequestId, Spec = m.Spec.ToWire() };
                if (m.Job is { } job)
                {
                    wire.Job = job.Value;
                }

                return wire;
            },
            w => new Submit(w.RequestId, w.HasJob ? new JobId(w.Job) : null, w.Spec.FromWire()));
        codecs.Add<GetJob, Wire.GetJob>("get-job", m => new Wire.GetJob { Job = m.Job.Value }, w => new GetJob(new JobId(w.Job)));
        codecs.Add<ListJobs, Wire.ListJobs>(
            "list-jobs",
            m =>
            {
                var wire = new Wire.ListJobs { PageSize = m.PageSize };
                if (m.After is { } after)
                {
                    wire.After = after.Value;
                }

                return wire;
            },
            w => new ListJobs(w.PageSize, w.HasAfter ? new JobId(w.After) : null));
        codecs.Add<Cancel, Wire.Cancel>("cancel", m => new Wire.Cancel { Job = m.Job.Value }, w => new Cancel(new JobId(w.Job)));
        codecs.Add<Pause, Wire.Pause>("pause", m => new Wire.Pause { Job = m.Job.Value }, w => new Pause(new JobId(w.Job)));
        codecs.Add<Resume, Wire.Resume>("resume", m => new Wire.Resume { Job = m.Job.Value }, w => new Resume(new JobId(w.Job)));
        codecs.Add<Watch, Wire.Watch>(
            "watch",
            m => new Wire.Watch
            {
                Job = m.Job.Value,
                AfterSequence = m.AfterSequence,
                Subscriber = Akka.Serialization.Serialization.SerializedActorPath(m.Subscriber),
            },
            (w, system) => new Watch(new JobId(w.Job), w.AfterSequence, system.Provider.ResolveActorRef(w.Subscriber)),
            isStored: false);
        codecs.Add<GetModel, Wire.GetModel>("get-model", m => new Wire.GetModel { Job = m.Job.Value }, w => new GetModel(new JobId(w.Job)));
    }

    private static void AddAnswers(MessageCodecs codecs)
    {
        codecs.Add<JobNotFound, Wire.JobNotFound>(
            "job-not-found", m => new Wire.JobNotFound { Job = m.Job.Value }, w => new JobNotFound(new JobId(w.Job)));
        codecs.Add<WatchEnded, Wire.WatchEnded>(
            "watch-ended", m => new Wire.WatchEnded { Job = m.Job.Value }, w => new WatchEnded(new JobId(w.Job)));
        codecs.Add<Refused, Wire.Refused>("refused", m => new Wire.Refused { Reason = m.Reason }, w => new Refused(w.Reason));
        codecs.Add<JobPage, Wire.JobPage>(
            "job-page",
            m =>
            {
                var wire = new Wire.JobPage { Jobs = { m.Jobs.Select(ToWire) } };
                if (m.Next is { } next)
                {
                    wire.Next = next.Value;
                }

                return wire;
            },
            w => new JobPage([.. w.Jobs.Select(FromWire)], w.HasNext ? new JobId(w.Next) : null));
        codecs.Add<JobView, Wire.JobView>("job-view", ToWire, FromWire);
        codecs.Add<ModelOffered, Wire.ModelOffered>("model-offered", ToWire, FromWire);
    }

    private static void AddEvents(MessageCodecs codecs)
    {
        codecs.Add<JobEvent.Snapshot, Wire.SnapshotEvent>(
            "event-snapshot",
            m => new Wire.SnapshotEvent { Sequence = m.Sequence, Job = ToWire(m.Job) },
            w => new JobEvent.Snapshot(w.Sequence, FromWire(w.Job)));
        codecs.Add<JobEvent.StepCommitted, Wire.StepCommitted>(
            "event-step",
            m => new Wire.StepCommitted
            {
                Sequence = m.Sequence,
                Step = m.Step,
                Loss = m.Loss,
                GradientNorm = m.GradientNorm,
                LearningRate = m.LearningRate,
                SequencesPerSecond = m.SequencesPerSecond,
            },
            w => new JobEvent.StepCommitted(w.Sequence, w.Step, w.Loss, w.GradientNorm, w.LearningRate, w.SequencesPerSecond));
        codecs.Add<JobEvent.ValidationCommitted, Wire.ValidationCommitted>(
            "event-validation",
            m => new Wire.ValidationCommitted
            {
                Sequence = m.Sequence,
                Step = m.Step,
                Loss = m.Loss,
                Accuracy = m.Accuracy,
                ExactSequences = m.ExactSequences,
            },
            w => new JobEvent.ValidationCommitted(w.Sequence, w.Step, w.Loss, w.Accuracy, w.ExactSequences));
        codecs.Add<JobEvent.CheckpointRecorded, Wire.CheckpointRecorded>(
            "event-checkpoint",
            m => new Wire.CheckpointRecorded { Sequence = m.Sequence, Step = m.Step },
            w => new JobEvent.CheckpointRecorded(w.Sequence, w.Step));
    }

    private static Wire.ModelOffered ToWire(ModelOffered offered)
    {
        var wire = new Wire.ModelOffered
        {
            Job = offered.Job.Value,
            Recipe = RecipeJson.Write(offered.Recipe),
            Step = offered.Step,
            Weights = offered.Weights.ToWire(),
            Schema = offered.Schema.ToWire(),
            SchemaBytes = offered.SchemaBytes,
        };
        if (offered.WeightsSha256 is not null)
        {
            wire.WeightsSha256 = offered.WeightsSha256;
        }

        return wire;
    }

    private static ModelOffered FromWire(Wire.ModelOffered wire) => new(
        new JobId(wire.Job),
        RecipeJson.Read(wire.Recipe),
        wire.Step,
        wire.Weights.FromWire(),
        wire.Schema.FromWire(),
        wire.SchemaBytes,
        wire.HasWeightsSha256 ? wire.WeightsSha256 : null);

    internal static Wire.JobView ToWire(JobView view)
    {
        var wire = new Wire.JobView
        {
            Job = view.Job.Value,
            Spec = view.Spec.ToWire(),
            RecipeSha256 = view.RecipeSha256,
            ArithmeticVersion = view.ArithmeticVersion,
            State = (Wire.JobState)view.State,
            Reason = view.Reason,
            SubmittedAtUnixMilliseconds = view.SubmittedAt.ToUnixTimeMilliseconds(),
            StepsDone = view.StepsDone,
            StepsRecorded = view.StepsRecorded,
            Parameters = view.Parameters,
            TotalSteps = view.TotalSteps,
            Waits = { view.Waits.Select(ToWire) },
        };
        if (view.TrainingLoss is { } training)
        {
            wire.TrainingLoss = training;
        }

        if (view.ValidationLoss is { } validation)
        {
            wire.ValidationLoss = validation;
        }

        if (view.ValidationAccuracy is { } accuracy)
        {
            wire.ValidationAccuracy = accuracy;
        }

        if (view.ValidationExactSequences is { } exact)
        {
            wire.ValidationExactSequences = exact;
        }

        if (view.WeightsSha256 is not null)
        {
            wire.WeightsSha256 = view.WeightsSha256;
        }

        return wire;
    }

    internal static JobView FromWire(Wire.JobView wire) => FromWire(wire, wire.Spec.FromWire());

    internal static JobView FromWire(Wire.JobView wire, JobSpec spec) => new(
        new JobId(wire.Job),
        spec,
        wire.RecipeSha256,
        wire.ArithmeticVersion,
        (JobState)wire.State,
        wire.Reason,
        DateTimeOffset.FromUnixTimeMilliseconds(wire.SubmittedAtUnixMilliseconds),
        wire.StepsDone,
        wire.StepsRecorded,
        wire.HasTrainingLoss ? wire.TrainingLoss : null,
        wire.HasValidationLoss ? wire.ValidationLoss : null,
        wire.HasValidationAccuracy ? wire.ValidationAccuracy : null,
        wire.HasValidationExactSequences ? wire.ValidationExactSequences : null,
        wire.HasWeightsSha256 ? wire.WeightsSha256 : null,
        wire.Parameters,

        // Views from before there was this field are of recipes that count steps.
        wire.TotalSteps == 0 ? spec.Recipe.Training.Steps : wire.TotalSteps)
    {
        Waits = [.. wire.Waits.Select(FromWire)],
    };

    private static Wire.JobWait ToWire(JobWait wait)
    {
        var wire = new Wire.JobWait { What = wait.What, Lanes = { wait.Lanes }, Seconds = wait.Seconds, IsCopied = wait.IsCopied };
        if (wait.Node is { } node)
        {
            wire.Node = node.Value;
        }

        if (wait.Worker is { } worker)
        {
            wire.Worker = worker.Value;
        }

        if (wait.Shard is { } shard)
        {
            wire.Shard = shard;
        }

        if (wait.Checkpoint is { } step)
        {
            wire.Checkpoint = step;
        }

        return wire;
    }

    private static JobWait FromWire(Wire.JobWait wire) => new(
        wire.What,
        wire.HasNode ? new NodeId(wire.Node) : null,
        wire.HasWorker ? new WorkerId(wire.Worker) : null,
        wire.HasShard ? wire.Shard : null,
        [.. wire.Lanes],
        wire.Seconds,
        wire.IsCopied,
        wire.HasCheckpoint ? wire.Checkpoint : null);
}
