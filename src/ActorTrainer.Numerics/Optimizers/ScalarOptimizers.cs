namespace ActorTrainer.Numerics.Optimizers;

/// <summary>The definition of every optimizer, one weight at a time, and the tail of its vector pass.</summary>
internal static class ScalarOptimizers
{
    /// <summary>w' = fma(−rate, factor · gradient, w).</summary>
    /// <param name="weightsIn">[n] before the step.</param>
    /// <param name="weightsOut">[n] after it; may be the same span.</param>
    /// <param name="gradient">[n] unnormalised sums.</param>
    public static void Sgd(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradient, float factor, float learningRate)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, factor * gradient[i], weightsIn[i]);
        }
    }

    /// <summary>
    /// g = factor · gradient; m' = fma(β₁, m, (1 − β₁)·g); v' = fma(β₂, v, ((1 − β₂)·g)·g);
    /// w' = fma(−α, m' / fma(√v', 1/√(1 − β₂ᵗ), ε), w) with α = learning rate / (1 − β₁ᵗ).
    /// </summary>
    /// <param name="mean">[n] m, replaced.</param>
    /// <param name="square">[n] v, replaced.</param>
    public static void Adam(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        in AdamStep step)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var g = step.Factor * gradient[i];
            mean[i] = MathF.FusedMultiplyAdd(step.Beta1, mean[i], step.OneMinusBeta1 * g);
            square[i] = MathF.FusedMultiplyAdd(step.Beta2, square[i], step.OneMinusBeta2 * g * g);
            var root = MathF.FusedMultiplyAdd(MathF.Sqrt(square[i]), step.RootScale, step.Epsilon);
            weightsOut[i] = MathF.FusedMultiplyAdd(-step.Rate, mean[i] / root, weightsIn[i]);
        }
    }
}
