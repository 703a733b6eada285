using ActorTrainer.Training.Recipes;
using static ActorTrainer.Gateway.Jobs.RecipeWriter;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes how the weights are moved.</summary>
internal static class TrainingWriter
{
    public static Proto.Training Write(TrainingRecipe training)
    {
        var written = new Proto.Training
        {
            Steps = (ulong)training.Steps,
            BatchSize = (uint)training.BatchSize,
            Optimizer = WriteOptimizer(training.Optimizer),
            LearningRate = WriteLearningRate(training.LearningRate),
            Validation = new Proto.Validation
            {
                Interval = (ulong)training.Validation.Interval,
                Batches = (ulong)training.Validation.Batches,
            },
        };
        if (training.Epochs > 0)
        {
            written.Epochs = (ulong)training.Epochs;
        }

        if (training.ClipNorm is { } norm)
        {
            written.ClipNorm = norm;
        }

        if (training.ClipValue is { } value)
        {
            written.ClipValue = value;
        }

        return written;
    }

    private static Proto.Optimizer WriteOptimizer(OptimizerRecipe optimizer) => optimizer switch
    {
        OptimizerRecipe.Sgd => new Proto.Optimizer { Sgd = new Proto.Sgd() },
        OptimizerRecipe.Adam adam => new Proto.Optimizer
        {
            Adam = new Proto.Adam { Beta1 = adam.Beta1, Beta2 = adam.Beta2, Epsilon = adam.Epsilon },
        },
        OptimizerRecipe.Momentum momentum => new Proto.Optimizer { Momentum = new Proto.Momentum { Momentum_ = momentum.Coefficient } },
        OptimizerRecipe.Nesterov nesterov => new Proto.Optimizer { Nesterov = new Proto.Nesterov { Momentum = nesterov.Coefficient } },
        OptimizerRecipe.AdamW adam => new Proto.Optimizer
        {
            AdamW = new Proto.AdamW { Beta1 = adam.Beta1, Beta2 = adam.Beta2, Epsilon = adam.Epsilon, WeightDecay = adam.WeightDecay },
        },
        OptimizerRecipe.RmsProp root => new Proto.Optimizer { RmsProp = new Proto.RmsProp { Decay = root.Decay, Epsilon = root.Epsilon } },
        OptimizerRecipe.Adagrad adagrad => new Proto.Optimizer { Adagrad = new Proto.Adagrad { Epsilon = adagrad.Epsilon } },
        _ => throw NotInTheApi(optimizer),
    };

    private static Proto.LearningRate WriteLearningRate(LearningRateRecipe rate)
    {
        var written = new Proto.LearningRate
        {
            Value = rate.Value,
            Schedule = rate.Schedule switch
            {
                Schedule.Constant => Proto.Schedule.Constant,
                Schedule.Cosine => Proto.Schedule.Cosine,
                Schedule.Step => Proto.Schedule.Step,
                var other => throw NotInTheApi(other),
            },
            WarmupSteps = (ulong)rate.WarmupSteps,
            Final = rate.Final,
        };
        if (rate.Schedule == Schedule.Step)
        {
            written.StepEvery = (ulong)rate.StepEvery;
            written.StepFactor = rate.StepFactor;
        }

        return written;
    }
}
