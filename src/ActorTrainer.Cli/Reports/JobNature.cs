using ActorTrainer.Contracts.V1;
using Source = ActorTrainer.Contracts.V1.Data.SourceOneofCase;

namespace ActorTrainer.Cli.Reports;

/// <summary>What a job's model is asked for.</summary>
internal enum JobTargets
{
    Characters,
    Bits,
    Classes,
    Numbers,
}

/// <summary>What a job is about, as far as a report speaks of it.</summary>
/// <param name="Steps">Of the whole run; 0 while only the data tells.</param>
/// <param name="BatchSize">Sequences of a step.</param>
/// <param name="IsText">It learns to continue text, and can be asked for a sample.</param>
/// <param name="ValidationSums">Sums of one validation, when it learns to add; else 0.</param>
internal sealed record JobNature(long Steps, long BatchSize, bool IsText, long ValidationSums)
{
    public JobTargets Targets { get; init; } = IsText ? JobTargets.Characters : JobTargets.Bits;

    /// <summary>What a loss is counted in.</summary>
    public string Unit => Targets switch
    {
        JobTargets.Characters => "nats a character",
        JobTargets.Bits => "nats a bit",
        JobTargets.Classes => "nats",
        _ => "mean squared error",
    };

    public static JobNature Of(Job job) => Of(job.Spec) with { Steps = (long)job.TotalSteps };

    /// <param name="spec">With every default filled in, as the gateway gives it back.</param>
    public static JobNature Of(JobSpec spec)
    {
        var (data, training) = (spec.Recipe.Data, spec.Recipe.Training);
        var targets = data.SourceCase switch
        {
            Source.Text or Source.Lines => JobTargets.Characters,
            Source.BinaryAddition => JobTargets.Bits,
            _ when spec.Recipe.Model.Output.Loss == Loss.MeanSquaredError => JobTargets.Numbers,
            _ => JobTargets.Classes,
        };
        return new JobNature(
            (long)training.Steps,
            training.BatchSize,
            targets == JobTargets.Characters,
            targets == JobTargets.Bits ? Sums(data.BinaryAddition, training) : 0)
        {
            Targets = targets,
        };
    }

    private static long Sums(BinaryAdditionData data, Contracts.V1.Training training)
    {
        var most = (training.Validation?.Batches ?? 0) * training.BatchSize;
        return most == 0 ? data.ValidationSamples : (long)Math.Min(data.ValidationSamples, most);
    }
}
