namespace ActorTrainer.Cli.Reports;

/// <summary>One line that says how good a model is by now.</summary>
internal static class ValidationLine
{
    public static string Format(JobNature job, long step, ValidationResult validation)
    {
        var digits = Quantity.Count(job.Steps).Length;
        return $"step {Quantity.Count(step).PadLeft(digits)}  validation loss {Quantity.Loss(validation.Loss)}  {Quality(job, validation)}";
    }

    /// <summary>"perplexity 4.57, 61.3 % of the characters right", "998 of 1,000 sums right, 99.9 % of the bits", "97.5 % right" or "root mean squared error 0.21".</summary>
    public static string Quality(JobNature job, ValidationResult validation)
    {
        var right = Quantity.Percent(validation.Accuracy);
        if (job.IsText)
        {
            return $"perplexity {Quantity.Short(Math.Exp(validation.Loss))}, {right} of the characters right";
        }

        if (job.Targets == JobTargets.Classes)
        {
            return $"{right} right";
        }

        if (job.Targets == JobTargets.Numbers)
        {
            return $"root mean squared error {Quantity.Short(Math.Sqrt(validation.Loss))}";
        }

        return validation.ExactOf(job.ValidationSums) is { } exact
            ? $"{Quantity.Count(exact)} of {Quantity.Count(job.ValidationSums)} sums right, {right} of the bits"
            : $"{right} of the bits right";
    }
}
