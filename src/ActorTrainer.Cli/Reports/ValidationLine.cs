namespace ActorTrainer.Cli.Reports;

/// <summary>One line that says how good a model is by now.</summary>
internal static class ValidationLine
{
    /// <param name="loss">Nats a target.</param>
    /// <param name="accuracy">Share of the targets that were predicted right.</param>
    /// <param name="exactSequences">Sequences without a mistake.</param>
    public static string Format(JobNature job, long step, double loss, double accuracy, double exactSequences)
    {
        var digits = Quantity.Count(job.Steps).Length;
        return $"step {Quantity.Count(step).PadLeft(digits)}  validation loss {Quantity.Loss(loss)}  {Quality(job, loss, accuracy, exactSequences)}";
    }

    /// <summary>"perplexity 4.57, 61.3 % right", or "998 of 1,000 sums right".</summary>
    public static string Quality(JobNature job, double loss, double accuracy, double exactSequences) => job.IsText
        ? $"perplexity {Quantity.Short(Math.Exp(loss))}, {Quantity.Percent(accuracy)} of the characters right"
        : $"{Quantity.Count(exactSequences)} of {Quantity.Count(job.ValidationSums)} sums right, {Quantity.Percent(accuracy)} of the bits";
}
