namespace ActorTrainer.Training.Recipes;

/// <summary>How the weights are moved.</summary>
/// <param name="Steps">Optimizer steps; 0 where <see cref="Epochs"/> are counted: <see cref="Plans.Plan.Steps"/> has the sum.</param>
/// <param name="ClipNorm">Largest norm of a mean gradient; null: no clipping by norm.</param>
public sealed record TrainingRecipe(
    long Steps,
    int BatchSize,
    OptimizerRecipe Optimizer,
    LearningRateRecipe LearningRate,
    double? ClipNorm,
    ValidationRecipe Validation)
{
    /// <summary>Passes over all training samples; 0: steps are counted.</summary>
    public int Epochs { get; init; }

    /// <summary>Bound of every element of a mean gradient; null: no clipping by value.</summary>
    public double? ClipValue { get; init; }
}

/// <summary>What moves them; the formulas stand at <see cref="Numerics.Optimizers.OptimizerSpec"/>.</summary>
public abstract record OptimizerRecipe
{
    private OptimizerRecipe()
    {
    }

    public sealed record Sgd : OptimizerRecipe;

    /// <summary>Kingma and Ba, "Adam", ICLR 2015.</summary>
    public sealed record Adam(double Beta1, double Beta2, double Epsilon) : OptimizerRecipe;

    /// <summary>Polyak 1964. A record cannot have a member of its own name: the proto calls the number <c>momentum</c>.</summary>
    public sealed record Momentum(double Coefficient) : OptimizerRecipe;

    /// <summary>Sutskever et al., ICML 2013. The proto calls the number <c>momentum</c>.</summary>
    public sealed record Nesterov(double Coefficient) : OptimizerRecipe;

    /// <summary>Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.</summary>
    public sealed record AdamW(double Beta1, double Beta2, double Epsilon, double WeightDecay) : OptimizerRecipe;

    /// <summary>Tieleman and Hinton 2012.</summary>
    /// <param name="Decay">Of the mean square.</param>
    public sealed record RmsProp(double Decay, double Epsilon) : OptimizerRecipe;

    /// <summary>Duchi, Hazan and Singer, JMLR 12, 2011.</summary>
    public sealed record Adagrad(double Epsilon) : OptimizerRecipe;
}

public enum Schedule
{
    Constant,
    Cosine,

    /// <summary>value · factor^⌊(t − warm-up) / every⌋.</summary>
    Step,
}

/// <param name="Value">The rate after the warm-up.</param>
/// <param name="WarmupSteps">Steps over which the rate grows linearly to <paramref name="Value"/>.</param>
/// <param name="Final">What a cosine ends at; 0 for other schedules.</param>
public sealed record LearningRateRecipe(double Value, Schedule Schedule, long WarmupSteps, double Final)
{
    /// <summary>Steps between two cuts of the step schedule; 0 for other schedules.</summary>
    public long StepEvery { get; init; }

    /// <summary>What the step schedule multiplies the rate by; 0 for other schedules.</summary>
    public double StepFactor { get; init; }
}

/// <param name="Interval">Steps between two validations; 0: only at the end.</param>
/// <param name="Batches">Most batches of one validation; 0: all.</param>
public sealed record ValidationRecipe(long Interval, long Batches);
