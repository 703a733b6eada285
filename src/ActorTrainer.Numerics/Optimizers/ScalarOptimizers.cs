namespace ActorTrainer.Numerics.Optimizers;

/// <summary>
/// The definition of every optimizer, one weight at a time, and the tail of its vector pass. Everywhere
/// g = <see cref="GradientScale.Of"/> of the root's element and η is the learning rate; every operation is
/// rounded once to float, in the order of the brackets.
/// </summary>
/// <remarks>
/// In all of them <c>weightsIn</c> [n] are the weights before the step, <c>weightsOut</c> [n] receives those after
/// it and may be the same span, <c>gradient</c> [n] holds unnormalised sums; a slot [n] is replaced.
/// </remarks>
internal static class ScalarOptimizers
{
    /// <summary>w' = fma(−η, g, w).</summary>
    public static void Sgd(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradient, GradientScale scale, float learningRate)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, scale.Of(gradient[i]), weightsIn[i]);
        }
    }

    /// <summary>v' = fma(μ, v, g); w' = fma(−η, v', w). From v = 0 the first step is SGD's.</summary>
    /// <param name="velocity">[n] v, replaced.</param>
    /// <param name="momentum">μ.</param>
    public static void Momentum(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> velocity,
        GradientScale scale,
        float learningRate,
        float momentum)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            velocity[i] = MathF.FusedMultiplyAdd(momentum, velocity[i], scale.Of(gradient[i]));
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, velocity[i], weightsIn[i]);
        }
    }

    /// <summary>v' = fma(μ, v, g); w' = fma(−η, fma(μ, v', g), w).</summary>
    /// <param name="velocity">[n] v, replaced.</param>
    /// <param name="momentum">μ.</param>
    public static void Nesterov(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> velocity,
        GradientScale scale,
        float learningRate,
        float momentum)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var g = scale.Of(gradient[i]);
            velocity[i] = MathF.FusedMultiplyAdd(momentum, velocity[i], g);
            var ahead = MathF.FusedMultiplyAdd(momentum, velocity[i], g);
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, ahead, weightsIn[i]);
        }
    }

    /// <summary>
    /// m' = fma(β₁, m, (1 − β₁)·g); v' = fma(β₂, v, ((1 − β₂)·g)·g);
    /// w' = fma(−α, m' / fma(√v', 1/√(1 − β₂ᵗ), ε), w) with α = η / (1 − β₁ᵗ).
    /// </summary>
    /// <param name="mean">[n] m, replaced.</param>
    /// <param name="square">[n] v, replaced.</param>
    public static void Adam(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        GradientScale scale,
        in AdamStep step)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var direction = Direction(scale.Of(gradient[i]), ref mean[i], ref square[i], step);
            weightsOut[i] = MathF.FusedMultiplyAdd(-step.Rate, direction, weightsIn[i]);
        }
    }

    /// <summary>
    /// As <see cref="Adam"/> with fma(−d, w, w) in w's place, d = (float)(η·λ): w·(1 − η·λ) rounded once, where
    /// the float nearest to 1 − η·λ would have lost most of a small decay's digits.
    /// </summary>
    /// <param name="mean">[n] m, replaced.</param>
    /// <param name="square">[n] v, replaced.</param>
    public static void AdamW(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> mean,
        Span<float> square,
        GradientScale scale,
        in AdamStep step)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var direction = Direction(scale.Of(gradient[i]), ref mean[i], ref square[i], step);
            var decayed = MathF.FusedMultiplyAdd(-step.Decay, weightsIn[i], weightsIn[i]);
            weightsOut[i] = MathF.FusedMultiplyAdd(-step.Rate, direction, decayed);
        }
    }

    /// <summary>v' = fma(ρ, v, ((1 − ρ)·g)·g); w' = fma(−η, g / (√v' + ε), w).</summary>
    /// <param name="square">[n] v, replaced.</param>
    /// <param name="decay">ρ.</param>
    /// <param name="oneMinusDecay">1 − ρ, in double and cast once.</param>
    /// <param name="epsilon">ε.</param>
    public static void RmsProp(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> square,
        GradientScale scale,
        float learningRate,
        float decay,
        float oneMinusDecay,
        float epsilon)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var g = scale.Of(gradient[i]);
            square[i] = MathF.FusedMultiplyAdd(decay, square[i], oneMinusDecay * g * g);
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, g / (MathF.Sqrt(square[i]) + epsilon), weightsIn[i]);
        }
    }

    /// <summary>s' = fma(g, g, s); w' = fma(−η, g / (√s' + ε), w).</summary>
    /// <param name="squares">[n] s, replaced.</param>
    /// <param name="epsilon">ε.</param>
    public static void Adagrad(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradient,
        Span<float> squares,
        GradientScale scale,
        float learningRate,
        float epsilon)
    {
        for (var i = 0; i < weightsIn.Length; i++)
        {
            var g = scale.Of(gradient[i]);
            squares[i] = MathF.FusedMultiplyAdd(g, g, squares[i]);
            weightsOut[i] = MathF.FusedMultiplyAdd(-learningRate, g / (MathF.Sqrt(squares[i]) + epsilon), weightsIn[i]);
        }
    }

    private static float Direction(float g, ref float mean, ref float square, in AdamStep step)
    {
        mean = MathF.FusedMultiplyAdd(step.Beta1, mean, step.OneMinusBeta1 * g);
        square = MathF.FusedMultiplyAdd(step.Beta2, square, step.OneMinusBeta2 * g * g);
        return mean / MathF.FusedMultiplyAdd(MathF.Sqrt(square), step.RootScale, step.Epsilon);
    }
}
