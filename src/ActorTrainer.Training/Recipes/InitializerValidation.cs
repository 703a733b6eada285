using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds what weights start from to numbers that a network can start from.</summary>
internal static class InitializerValidation
{
    public static void Check(Initializer initializer, string field, ViolationList violations)
    {
        switch (initializer)
        {
            case Initializer.TruncatedNormal normal:
                violations.Positive($"{field}.truncated_normal.standard_deviation", normal.StandardDeviation, RecipeLimits.MaxInitialValue);
                break;
            case Initializer.Uniform uniform:
                CheckValue(uniform.Low, $"{field}.uniform.low", violations);
                CheckValue(uniform.High, $"{field}.uniform.high", violations);
                if (uniform.Low >= uniform.High)
                {
                    violations.Add(
                        $"{field}.uniform",
                        $"low {ViolationList.Text(uniform.Low)} and high {ViolationList.Text(uniform.High)}",
                        "low below high");
                }

                break;
            case Initializer.Constant constant:
                CheckValue(constant.Value, $"{field}.constant.value", violations);
                break;
            case Initializer.Orthogonal orthogonal:
                violations.Positive($"{field}.orthogonal.gain", orthogonal.Gain, RecipeLimits.MaxInitialValue);
                break;
            case Initializer.Identity identity:
                CheckValue(identity.Scale, $"{field}.identity.scale", violations);
                break;
            case Initializer.Xavier:
                break;
            default:
                violations.Add(field, "nothing", "truncated_normal, uniform, xavier, constant, orthogonal or identity");
                break;
        }
    }

    public static void CheckValue(double value, string field, ViolationList violations) =>
        violations.Range(field, value, -RecipeLimits.MaxInitialValue, RecipeLimits.MaxInitialValue);
}
