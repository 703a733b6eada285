namespace ActorTrainer.Cli.Reports;

/// <summary>One line that says how good a model is by now.</summary>
internal static class ValidationLine
{
    public static string Format(JobNature job, long step, ValidationResult validation)
    {
        var digits = Quantity.Count(job.Steps).Length;
        return $"step {Quantity.Count(step).PadLeft(digits)}  validation loss {Quantity.Loss(validation.Loss)}  {Quality(job, validation)}";
    }

    /// <summary>
    /// "perplexity 4.57, 61.3 % of the characters right", "998 of 1,000 sums right, 99.9 % of the bits", "97.5 % right"
    /// or "root mean square error 0.2134".
    /// </summary>
    public static string Quality(JobNature job, ValidationResult validation)
    {
        var right = Quantity.Percent(validation.Accuracy);
        return job.Targets switch
        {
            JobTargets.Characters => $"perplexity {Quantity.Short(Math.Exp(validation.Loss))}, {right} of the characters right",
            JobTargets.Classes => $"{right} right",
            JobTargets.Numbers => $"root mean square error {Quantity.Loss(Math.Sqrt(validation.Loss))}{(job.IsStandardized ? " deviations" : "")}",
            JobTargets.Symbols => Whole(job, validation, "sequences recalled exactly", $"{right} of the symbols"),
            _ => Whole(job, validation, "sums right", $"{right} of the bits"),
        };
    }

    private static string Whole(JobNature job, ValidationResult validation, string wholes, string parts) => validation.ExactOf(job.ValidationSums) is { } exact
        ? $"{Quantity.Count(exact)} of {Quantity.Count(job.ValidationSums)} {wholes}, {parts}"
        : $"{parts} right";
}
