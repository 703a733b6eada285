namespace ActorTrainer.Numerics.Optimizers;

/// <summary>What the learning rate does after the warm-up.</summary>
public enum LearningRateShape
{
    Constant,
    Cosine,
}

/// <summary>
/// The learning rate as a function of the step alone, in double by + − × ÷ and an own cosine (B8).
/// </summary>
/// <param name="Value">The rate after the warm-up, v.</param>
/// <param name="WarmupSteps">W: the rate grows linearly over the steps 0 … W − 1.</param>
/// <param name="Final">f: what a cosine comes down to.</param>
/// <param name="Steps">S: steps of the whole run.</param>
/// <remarks>
/// Step t counts from 0. t &lt; W: v · (t + 1) / W. Then constant: v; cosine:
/// f + (v − f) · ½ (1 + cos(π (t − W) / (S − W))), and f from step S on. Loshchilov and Hutter, "SGDR",
/// ICLR 2017, without restarts. The cosine is within 4 × 10⁻¹⁶.
/// </remarks>
public sealed record LearningRateSchedule(double Value, LearningRateShape Shape, long WarmupSteps, double Final, long Steps)
{
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < WarmupSteps)
        {
            return Value * (step + 1) / WarmupSteps;
        }

        if (Shape == LearningRateShape.Constant)
        {
            return Value;
        }

        if (step >= Steps)
        {
            return Final;
        }

        var progress = (double)(step - WarmupSteps) / (Steps - WarmupSteps);
        return Final + ((Value - Final) * (0.5 * (1 + DoubleFunctions.CosinePi(progress))));
    }
}
