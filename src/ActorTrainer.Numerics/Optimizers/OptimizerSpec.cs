namespace ActorTrainer.Numerics.Optimizers;

/// <summary>How a mean gradient moves a weight.</summary>
public abstract record OptimizerSpec
{
    private OptimizerSpec()
    {
    }

    /// <summary>w − learning rate · gradient.</summary>
    public sealed record Sgd : OptimizerSpec;

    /// <summary>Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.</summary>
    /// <param name="Beta1">Decay of the mean, within [0, 1).</param>
    /// <param name="Beta2">Decay of the mean square, within [0, 1).</param>
    /// <param name="Epsilon">Added to the root of the corrected mean square, above 0.</param>
    public sealed record Adam(double Beta1, double Beta2, double Epsilon) : OptimizerSpec;
}
