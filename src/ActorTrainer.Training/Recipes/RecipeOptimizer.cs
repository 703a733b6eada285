using ActorTrainer.Numerics.Optimizers;

namespace ActorTrainer.Training.Recipes;

/// <summary>What moves the weights, and how far, as the numerics compute it.</summary>
public static class RecipeOptimizer
{
    public static OptimizerSpec Of(OptimizerRecipe recipe) => recipe switch
    {
        OptimizerRecipe.Momentum momentum => new OptimizerSpec.Momentum(momentum.Coefficient),
        OptimizerRecipe.Nesterov nesterov => new OptimizerSpec.Nesterov(nesterov.Coefficient),
        OptimizerRecipe.Adam adam => new OptimizerSpec.Adam(adam.Beta1, adam.Beta2, adam.Epsilon),
        OptimizerRecipe.AdamW adam => new OptimizerSpec.AdamW(adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
        OptimizerRecipe.RmsProp root => new OptimizerSpec.RmsProp(root.Decay, root.Epsilon),
        OptimizerRecipe.Adagrad adagrad => new OptimizerSpec.Adagrad(adagrad.Epsilon),
        OptimizerRecipe.Sgd => new OptimizerSpec.Sgd(),
        _ => throw new ArgumentException("The recipe names no optimizer.", nameof(recipe)),
    };

    /// <param name="steps">Of the whole run, epochs counted out.</param>
    public static LearningRateSchedule ScheduleOf(LearningRateRecipe rate, long steps)
    {
        var shape = rate.Schedule switch
        {
            Schedule.Cosine => LearningRateShape.Cosine,
            Schedule.Step => LearningRateShape.Step,
            _ => LearningRateShape.Constant,
        };
        return new LearningRateSchedule(rate.Value, shape, rate.WarmupSteps, rate.Final, steps)
        {
            StepEvery = rate.StepEvery,
            StepFactor = rate.StepFactor,
        };
    }
}
