using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Google.Protobuf.WellKnownTypes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes jobs and what happens to them as the API spells them.</summary>
internal static class JobMapping
{
    public static Proto.Job ToProto(JobView view)
    {
        var job = new Proto.Job
        {
            JobId = view.Job.Value,
            Spec = SpecMapping.ToProto(view.Spec),
            RecipeSha256 = view.RecipeSha256,
            ArithmeticVersion = (uint)view.ArithmeticVersion,
            State = ToProto(view.State),
            Reason = view.Reason,
            SubmittedAt = view.SubmittedAt.ToTimestamp(),
            StepsDone = (ulong)view.StepsDone,
            StepsRecorded = (ulong)view.StepsRecorded,
            WeightsSha256 = view.WeightsSha256 ?? "",
            Parameters = (ulong)view.Parameters,
            TotalSteps = (ulong)view.TotalSteps,
            Waits = { view.Waits.Select(ToProto) },
        };
        if (job.Spec.Placement.Name.Length == 0)
        {
            job.Spec.Placement.Name = job.JobId;
        }

        if (view.TrainingLoss is { } training)
        {
            job.TrainingLoss = training;
        }

        if (view.ValidationLoss is { } validation)
        {
            job.ValidationLoss = validation;
        }

        if (view.ValidationAccuracy is { } accuracy)
        {
            job.ValidationAccuracy = accuracy;
        }

        if (view.ValidationExactSequences is { } exact)
        {
            job.ValidationExactSequences = exact;
        }

        return job;
    }

    public static Proto.JobEvent ToProto(JobEvent happened)
    {
        var written = new Proto.JobEvent { Sequence = (ulong)happened.Sequence };
        switch (happened)
        {
            case JobEvent.Snapshot snapshot:
                written.Snapshot = ToProto(snapshot.Job);
                break;
            case JobEvent.StepCommitted step:
                written.Step = new Proto.StepCommitted
                {
                    Step = (ulong)step.Step,
                    Loss = step.Loss,
                    GradientNorm = step.GradientNorm,
                    LearningRate = step.LearningRate,
                    SequencesPerSecond = step.SequencesPerSecond,
                };
                break;
            case JobEvent.ValidationCommitted validation:
                written.Validation = new Proto.ValidationCommitted
                {
                    Step = (ulong)validation.Step,
                    Loss = validation.Loss,
                    Accuracy = validation.Accuracy,
                    ExactSequences = validation.ExactSequences,
                };
                break;
            case JobEvent.CheckpointRecorded checkpoint:
                written.Checkpoint = new Proto.CheckpointRecorded { Step = (ulong)checkpoint.Step };
                break;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} has no place in jobs.proto yet");
        }

        return written;
    }

    private static Proto.Wait ToProto(JobWait wait)
    {
        var written = new Proto.Wait
        {
            Text = wait.Text,
            Node = wait.Node?.Value ?? "",
            Worker = wait.Worker?.Value ?? "",
            Lanes = { wait.Lanes.Select(lane => (uint)lane) },
            Seconds = (uint)wait.Seconds,
        };
        if (wait.Shard is { } shard)
        {
            written.Shard = (uint)shard;
        }

        return written;
    }

    private static Proto.JobState ToProto(JobState state) => state switch
    {
        JobState.Queued => Proto.JobState.Queued,
        JobState.Placing => Proto.JobState.Placing,
        JobState.Running => Proto.JobState.Running,
        JobState.Paused => Proto.JobState.Paused,
        JobState.Finishing => Proto.JobState.Finishing,
        JobState.Completed => Proto.JobState.Completed,
        JobState.Failed => Proto.JobState.Failed,
        JobState.Cancelled => Proto.JobState.Cancelled,
        _ => throw new InvalidOperationException($"the state {state} has no place in jobs.proto yet"),
    };
}
