namespace ActorTrainer.Numerics.Optimizers;

/// <summary>The scalars of one step of Adam or AdamW, computed in double and cast once (B8).</summary>
/// <param name="Rate">α: the learning rate over 1 − β₁ᵗ.</param>
/// <param name="RootScale">1 / √(1 − β₂ᵗ).</param>
/// <param name="Decay">Learning rate · weight decay; of no meaning to Adam.</param>
internal readonly record struct AdamStep(
    float Rate, float RootScale, float Beta1, float OneMinusBeta1, float Beta2, float OneMinusBeta2, float Epsilon, float Decay)
{
    /// <param name="power1">β₁ᵗ of this step, t from 1.</param>
    /// <param name="power2">β₂ᵗ of this step.</param>
    public static AdamStep Of(OptimizerSpec.AdamW adam, float learningRate, double power1, double power2) => new(
        (float)(learningRate / (1 - power1)),
        (float)(1 / Math.Sqrt(1 - power2)),
        (float)adam.Beta1,
        (float)(1 - adam.Beta1),
        (float)adam.Beta2,
        (float)(1 - adam.Beta2),
        (float)adam.Epsilon,
        (float)(learningRate * adam.WeightDecay));
}
