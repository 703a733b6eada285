using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>What a job is about, as far as a report speaks of it.</summary>
/// <param name="Steps">Of the whole run.</param>
/// <param name="BatchSize">Sequences of a step.</param>
/// <param name="IsText">It learns to continue text, and can be asked for a sample.</param>
/// <param name="ValidationSums">Sums of one validation, when it learns to add; else 0.</param>
internal sealed record JobNature(long Steps, long BatchSize, bool IsText, long ValidationSums)
{
    /// <param name="spec">With every default filled in, as the gateway gives it back.</param>
    public static JobNature Of(JobSpec spec)
    {
        var (data, training) = (spec.Recipe.Data, spec.Recipe.Training);
        var isText = data.SourceCase == Contracts.V1.Data.SourceOneofCase.Text;
        return new JobNature((long)training.Steps, training.BatchSize, isText, isText ? 0 : Sums(data.BinaryAddition, training));
    }

    private static long Sums(BinaryAdditionData data, Contracts.V1.Training training)
    {
        var most = (training.Validation?.Batches ?? 0) * training.BatchSize;
        return most == 0 ? data.ValidationSamples : (long)Math.Min(data.ValidationSamples, most);
    }
}
