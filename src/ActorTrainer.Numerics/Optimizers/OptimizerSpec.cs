namespace ActorTrainer.Numerics.Optimizers;

/// <summary>
/// How a mean gradient g moves a weight w at learning rate η. The exact order of operations stands at
/// <see cref="ScalarOptimizers"/>; the semantics are those of PyTorch's optimizers of the same names.
/// </summary>
public abstract record OptimizerSpec
{
    private OptimizerSpec()
    {
    }

    /// <summary>w − η·g.</summary>
    public sealed record Sgd : OptimizerSpec;

    /// <summary>v ← μ·v + g, w − η·v: without dampening. Polyak, USSR Comp. Math. 4(5), 1964.</summary>
    /// <param name="Coefficient">μ, within [0, 1).</param>
    public sealed record Momentum(double Coefficient) : OptimizerSpec;

    /// <summary>
    /// v ← μ·v + g, w − η·(g + μ·v). Sutskever, Martens, Dahl and Hinton, "On the importance of
    /// initialization and momentum in deep learning", ICML 2013, in the form that keeps the looked-ahead weights.
    /// </summary>
    /// <param name="Coefficient">μ, within [0, 1).</param>
    public sealed record Nesterov(double Coefficient) : OptimizerSpec;

    /// <summary>Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.</summary>
    /// <param name="Beta1">Decay of the mean, within [0, 1).</param>
    /// <param name="Beta2">Decay of the mean square, within [0, 1).</param>
    /// <param name="Epsilon">Added to the root of the corrected mean square, above 0.</param>
    public sealed record Adam(double Beta1, double Beta2, double Epsilon) : OptimizerSpec;

    /// <summary>
    /// w·(1 − η·λ), then as <see cref="Adam"/>; every parameter decays, biases too. Loshchilov and Hutter,
    /// "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2, with η as the schedule.
    /// </summary>
    /// <param name="Beta1">Decay of the mean, within [0, 1).</param>
    /// <param name="Beta2">Decay of the mean square, within [0, 1).</param>
    /// <param name="Epsilon">Added to the root of the corrected mean square, above 0.</param>
    /// <param name="WeightDecay">λ, at least 0.</param>
    public sealed record AdamW(double Beta1, double Beta2, double Epsilon, double WeightDecay) : OptimizerSpec;

    /// <summary>
    /// v ← ρ·v + (1 − ρ)·g², w − η·g / (√v + ε): neither centred nor with momentum. Tieleman and Hinton,
    /// Coursera "Neural Networks for Machine Learning", lecture 6.5, 2012.
    /// </summary>
    /// <param name="Decay">ρ, within [0, 1).</param>
    /// <param name="Epsilon">ε, above 0.</param>
    public sealed record RmsProp(double Decay, double Epsilon) : OptimizerSpec;

    /// <summary>
    /// s ← s + g², w − η·g / (√s + ε). Duchi, Hazan and Singer, "Adaptive Subgradient Methods", JMLR 12, 2011.
    /// </summary>
    /// <param name="Epsilon">ε, above 0.</param>
    public sealed record Adagrad(double Epsilon) : OptimizerSpec;
}
