namespace ActorTrainer.Numerics.Optimizers;

/// <summary>How an element of the mean gradient is made from the root's: min(max(factor · raw, −limit), limit).</summary>
/// <param name="Factor">What each root element is multiplied by (B5, B6).</param>
/// <param name="Limit">
/// What clipping by value leaves of a mean's magnitude; +∞, which changes no number, without it. A NaN stays a
/// NaN: no comparison with it holds. (A step whose norm is not finite is not committed at all, P11.)
/// </param>
internal readonly record struct GradientScale(float Factor, float Limit)
{
    /// <summary>The mean's element.</summary>
    public float Of(float raw)
    {
        var g = Factor * raw;
        g = g > Limit ? Limit : g;
        return g < -Limit ? -Limit : g;
    }
}
