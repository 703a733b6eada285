namespace ActorTrainer.Numerics.Optimizers;

/// <summary>Holds an optimizer's constants to their ranges. A recipe's validator finds the same faults earlier.</summary>
internal static class OptimizerCheck
{
    /// <exception cref="ArgumentException">A constant is outside its range; the message names it.</exception>
    public static void Require(OptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        switch (spec)
        {
            case OptimizerSpec.Momentum momentum:
                BelowOne(momentum.Coefficient, "Momentum");
                break;
            case OptimizerSpec.Nesterov nesterov:
                BelowOne(nesterov.Coefficient, "Momentum");
                break;
            case OptimizerSpec.Adam adam:
                Adam(adam.Beta1, adam.Beta2, adam.Epsilon);
                break;
            case OptimizerSpec.AdamW adam:
                Adam(adam.Beta1, adam.Beta2, adam.Epsilon);
                NotNegative(adam.WeightDecay, nameof(adam.WeightDecay));
                break;
            case OptimizerSpec.RmsProp rms:
                BelowOne(rms.Decay, nameof(rms.Decay));
                Positive(rms.Epsilon, nameof(rms.Epsilon));
                break;
            case OptimizerSpec.Adagrad adagrad:
                Positive(adagrad.Epsilon, nameof(adagrad.Epsilon));
                break;
        }
    }

    private static void Adam(double beta1, double beta2, double epsilon)
    {
        BelowOne(beta1, "Beta1");
        BelowOne(beta2, "Beta2");
        Positive(epsilon, "Epsilon");
    }

    private static void BelowOne(double value, string name) =>
        Require(value is >= 0 and < 1, $"{name} is {value}; it must be at least 0 and below 1");

    private static void Positive(double value, string name) =>
        Require(value > 0 && double.IsFinite(value), $"{name} is {value}; it must be above 0");

    private static void NotNegative(double value, string name) =>
        Require(value >= 0 && double.IsFinite(value), $"{name} is {value}; it must be at least 0 and finite");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
