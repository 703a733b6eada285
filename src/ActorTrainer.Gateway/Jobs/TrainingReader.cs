using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads how the weights are moved.</summary>
internal sealed class TrainingReader(FieldProblems problems)
{
    private const string Path = "recipe.training";

    public TrainingRecipe Read(Proto.Training? training)
    {
        training ??= new Proto.Training();
        return new TrainingRecipe(
            problems.Long($"{Path}.steps", training.Steps),
            problems.Int($"{Path}.batch_size", training.HasBatchSize ? training.BatchSize : SpecDefaults.BatchSize),
            ReadOptimizer(training.Optimizer),
            ReadLearningRate(training.LearningRate ?? new Proto.LearningRate()),
            training.HasClipNorm ? training.ClipNorm : null,
            ReadValidation(training.Validation ?? new Proto.Validation()))
        {
            Epochs = ReadEpochs(training),
            ClipValue = training.HasClipValue ? training.ClipValue : null,
        };
    }

    private int ReadEpochs(Proto.Training training)
    {
        if (!training.HasEpochs)
        {
            return 0;
        }

        if (training.Epochs is >= 1 and <= RecipeLimits.MaxEpochs)
        {
            return (int)training.Epochs;
        }

        // 0 would mean that steps are counted; somebody who writes it means something else.
        problems.Add($"{Path}.epochs", $"{training.Epochs}", $"1 to {RecipeLimits.MaxEpochs}");
        return 1;
    }

    private OptimizerRecipe ReadOptimizer(Proto.Optimizer? optimizer)
    {
        switch (optimizer?.KindCase)
        {
            case null:
                return ReadAdam(new Proto.Adam());
            case Proto.Optimizer.KindOneofCase.Sgd:
                return new OptimizerRecipe.Sgd();
            case Proto.Optimizer.KindOneofCase.Adam:
                return ReadAdam(optimizer.Adam);
            case Proto.Optimizer.KindOneofCase.Momentum:
                return new OptimizerRecipe.Momentum(optimizer.Momentum.HasMomentum_ ? optimizer.Momentum.Momentum_ : SpecDefaults.Momentum);
            case Proto.Optimizer.KindOneofCase.Nesterov:
                return new OptimizerRecipe.Nesterov(optimizer.Nesterov.HasMomentum ? optimizer.Nesterov.Momentum : SpecDefaults.Momentum);
            case Proto.Optimizer.KindOneofCase.AdamW:
                var adamW = optimizer.AdamW;
                return new OptimizerRecipe.AdamW(
                    adamW.HasBeta1 ? adamW.Beta1 : SpecDefaults.Beta1,
                    adamW.HasBeta2 ? adamW.Beta2 : SpecDefaults.Beta2,
                    adamW.HasEpsilon ? adamW.Epsilon : SpecDefaults.Epsilon,
                    adamW.HasWeightDecay ? adamW.WeightDecay : SpecDefaults.WeightDecay);
            case Proto.Optimizer.KindOneofCase.RmsProp:
                var root = optimizer.RmsProp;
                return new OptimizerRecipe.RmsProp(
                    root.HasDecay ? root.Decay : SpecDefaults.Decay,
                    root.HasEpsilon ? root.Epsilon : SpecDefaults.Epsilon);
            case Proto.Optimizer.KindOneofCase.Adagrad:
                return new OptimizerRecipe.Adagrad(optimizer.Adagrad.HasEpsilon ? optimizer.Adagrad.Epsilon : SpecDefaults.AdagradEpsilon);
            default:
                problems.Missing($"{Path}.optimizer", "sgd, momentum, nesterov, adam, adam_w, rms_prop or adagrad");
                return ReadAdam(new Proto.Adam());
        }
    }

    private static OptimizerRecipe.Adam ReadAdam(Proto.Adam adam) => new(
        adam.HasBeta1 ? adam.Beta1 : SpecDefaults.Beta1,
        adam.HasBeta2 ? adam.Beta2 : SpecDefaults.Beta2,
        adam.HasEpsilon ? adam.Epsilon : SpecDefaults.Epsilon);

    private LearningRateRecipe ReadLearningRate(Proto.LearningRate rate)
    {
        const string Field = $"{Path}.learning_rate";
        var schedule = rate.Schedule switch
        {
            Proto.Schedule.Unspecified or Proto.Schedule.Constant => Schedule.Constant,
            Proto.Schedule.Cosine => Schedule.Cosine,
            Proto.Schedule.Step => Schedule.Step,
            var other => problems.Unknown($"{Field}.schedule", other, "SCHEDULE_CONSTANT, SCHEDULE_COSINE or SCHEDULE_STEP", Schedule.Constant),
        };
        return new LearningRateRecipe(
            rate.HasValue ? rate.Value : SpecDefaults.LearningRate,
            schedule,
            problems.Long($"{Field}.warmup_steps", rate.HasWarmupSteps ? rate.WarmupSteps : SpecDefaults.WarmupSteps),
            rate.HasFinal ? rate.Final : SpecDefaults.FinalLearningRate)
        {
            StepEvery = problems.Long($"{Field}.step_every", rate.StepEvery),
            StepFactor = schedule == Schedule.Step && !rate.HasStepFactor ? SpecDefaults.StepFactor : rate.StepFactor,
        };
    }

    private ValidationRecipe ReadValidation(Proto.Validation validation)
    {
        const string Field = $"{Path}.validation";
        return new ValidationRecipe(
            problems.Long($"{Field}.interval", validation.HasInterval ? validation.Interval : SpecDefaults.ValidationInterval),
            problems.Long($"{Field}.batches", validation.HasBatches ? validation.Batches : SpecDefaults.ValidationBatches));
    }
}
