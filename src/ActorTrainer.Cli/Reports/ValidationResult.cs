using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>How good a model was on data it does not learn from.</summary>
/// <param name="Loss">Nats a target.</param>
/// <param name="Accuracy">Share of the targets that were predicted right.</param>
/// <param name="ExactShare">Share of the sequences without a mistake; null: not known any more.</param>
internal sealed record ValidationResult(double Loss, double Accuracy, double? ExactShare)
{
    /// <summary>What a job keeps of its last validation; null if there was none.</summary>
    public static ValidationResult? Of(Job job) => job.HasValidationLoss && job.HasValidationAccuracy
        ? new ValidationResult(job.ValidationLoss, job.ValidationAccuracy, job.HasValidationExactSequences ? job.ValidationExactSequences : null)
        : null;

    /// <summary>The sequences without a mistake, of so many.</summary>
    public double? ExactOf(long sequences) => ExactShare is { } share ? Math.Round(share * sequences) : null;
}
