namespace ActorTrainer.Numerics.Optimizers;

/// <summary>What the learning rate does after the warm-up.</summary>
public enum LearningRateShape
{
    Constant,
    Cosine,

    /// <summary>Multiplied by a factor every so many steps.</summary>
    Step,
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
/// ICLR 2017, without restarts. The cosine is within 4 × 10⁻¹⁶. Step: v · pⁿ with n = ⌊(t − W) / every⌋;
/// the power is squared and multiplied from the lowest bit of n up, each product rounded once, and v · pⁿ is
/// the last product.
/// </remarks>
public sealed record LearningRateSchedule(double Value, LearningRateShape Shape, long WarmupSteps, double Final, long Steps)
{
    /// <summary>Steps between two drops of <see cref="LearningRateShape.Step"/>, at least 1; of no meaning otherwise.</summary>
    public long StepEvery { get; init; } = 1;

    /// <summary>p: what a drop multiplies the rate by; of no meaning but for <see cref="LearningRateShape.Step"/>.</summary>
    public double StepFactor { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or a step schedule's <see cref="StepEvery"/> is below 1.</exception>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < WarmupSteps)
        {
            return Value * (step + 1) / WarmupSteps;
        }

        switch (Shape)
        {
            case LearningRateShape.Constant:
                return Value;
            case LearningRateShape.Step:
                ArgumentOutOfRangeException.ThrowIfLessThan(StepEvery, 1);
                return Value * Power(StepFactor, (step - WarmupSteps) / StepEvery);
        }

        if (step >= Steps)
        {
            return Final;
        }

        var progress = (double)(step - WarmupSteps) / (Steps - WarmupSteps);
        return Final + ((Value - Final) * (0.5 * (1 + DoubleFunctions.CosinePi(progress))));
    }

    /// <summary>p^n: of the squares p, p², p⁴ … those that n's bits name, lowest first, from 1.</summary>
    private static double Power(double p, long n)
    {
        var power = 1.0;
        for (; n > 0; n >>= 1, p *= p)
        {
            if ((n & 1) == 1)
            {
                power *= p;
            }
        }

        return power;
    }
}
