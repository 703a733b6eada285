namespace ActorTrainer.Training.Recipes;

/// <summary>Holds the way weights are moved to what makes sense.</summary>
internal static class TrainingValidation
{
    private const string AllOptimizers = "sgd, momentum, nesterov, adam, adam_w, rms_prop or adagrad";

    public static void Check(Recipe recipe, ViolationList violations)
    {
        var training = recipe.Training;
        if (training is null)
        {
            violations.Add("recipe.training", "nothing", "steps or epochs at least");
            return;
        }

        CheckLength(recipe.Data, training, violations);
        violations.Range("recipe.training.batch_size", training.BatchSize, 1, RecipeLimits.MaxBatchSize, "sequences");
        CheckOptimizer(training.Optimizer, violations);
        CheckLearningRate(training, violations);
        CheckClipping(training, violations);
        violations.Range("recipe.training.validation.interval", training.Validation.Interval, 0, RecipeLimits.MaxSteps, "steps");
        violations.Range("recipe.training.validation.batches", training.Validation.Batches, 0, RecipeLimits.MaxSteps, "batches");
    }

    /// <summary>Holds the length of the run, which epochs leave to the data, to its bounds.</summary>
    public static void CheckWithData(TrainingRecipe training, DataShape data, ViolationList violations)
    {
        var steps = training.Epochs == 0 ? training.Steps : training.Epochs * data.StepsPerEpoch;
        if (training.Epochs > 0 && steps is < 1 or > RecipeLimits.MaxSteps)
        {
            violations.Add(
                "recipe.training.epochs",
                $"{training.Epochs} epochs of {data.StepsPerEpoch} steps",
                $"1 to {RecipeLimits.MaxSteps} steps altogether");
            return;
        }

        if (training.Epochs > 0 && training.LearningRate.WarmupSteps >= steps)
        {
            violations.Add(
                "recipe.training.learning_rate.warmup_steps",
                ViolationList.Text(training.LearningRate.WarmupSteps),
                $"from 0 to below the steps of the run, of which {training.Epochs} epochs have {steps}");
        }

        var validation = training.Validation;
        var batches = validation.Batches == 0 ? data.ValidationBatches : Math.Min(validation.Batches, data.ValidationBatches);
        var validations = validation.Interval == 0 ? 1 : (steps / validation.Interval) + 1;
        if ((Int128)batches * validations > (1L << 53) - RecipeLimits.MaxSteps)
        {
            violations.Add(
                "recipe.training.validation.interval",
                ViolationList.Text(validation.Interval),
                $"an interval that gives fewer than 2^53 validation batches over {steps} steps; one validation has {batches}");
        }
    }

    private static void CheckLength(DataRecipe data, TrainingRecipe training, ViolationList violations)
    {
        if (training.Epochs == 0)
        {
            violations.Range("recipe.training.steps", training.Steps, 1, RecipeLimits.MaxSteps);
            return;
        }

        violations.Range("recipe.training.epochs", training.Epochs, 1, RecipeLimits.MaxEpochs);
        if (training.Steps != 0)
        {
            violations.Add(
                "recipe.training.steps",
                $"{ViolationList.Text(training.Steps)} beside {training.Epochs} epochs",
                "either steps or epochs");
        }

        if (data is DataRecipe.Text or DataRecipe.BinaryAddition or DataRecipe.AddingProblem or DataRecipe.CopyMemory or DataRecipe.SineMixture)
        {
            violations.Add(
                "recipe.training.epochs",
                ViolationList.Text(training.Epochs),
                "steps instead: only lines, forecast, sequences and images come to an end");
        }
    }

    private static void CheckClipping(TrainingRecipe training, ViolationList violations)
    {
        if (training.ClipNorm is { } norm)
        {
            violations.Positive("recipe.training.clip_norm", norm, RecipeLimits.MaxClipNorm);
        }

        if (training.ClipValue is { } value)
        {
            // As a float it must be above 0, too, or nothing would ever be learned.
            violations.Number(
                "recipe.training.clip_value",
                value,
                (float)value > 0 && value <= RecipeLimits.MaxClipNorm,
                $"above 0, to {ViolationList.Text(RecipeLimits.MaxClipNorm)}");
        }

        if (training is { ClipNorm: not null, ClipValue: not null })
        {
            violations.Add("recipe.training.clip_value", "clip_value beside clip_norm", "one of them");
        }
    }

    private static void CheckOptimizer(OptimizerRecipe optimizer, ViolationList violations)
    {
        const string Field = "recipe.training.optimizer";
        switch (optimizer)
        {
            case OptimizerRecipe.Sgd:
                break;
            case OptimizerRecipe.Momentum momentum:
                BelowOne($"{Field}.momentum.momentum", momentum.Coefficient);
                break;
            case OptimizerRecipe.Nesterov nesterov:
                // Without momentum it is plain SGD, and PyTorch refuses it.
                violations.Number(
                    $"{Field}.nesterov.momentum", nesterov.Coefficient, (float)nesterov.Coefficient is > 0 and < 1, "above 0, below 1");
                break;
            case OptimizerRecipe.Adam adam:
                BelowOne($"{Field}.adam.beta1", adam.Beta1);
                BelowOne($"{Field}.adam.beta2", adam.Beta2);
                Epsilon($"{Field}.adam.epsilon", adam.Epsilon);
                break;
            case OptimizerRecipe.AdamW adam:
                BelowOne($"{Field}.adam_w.beta1", adam.Beta1);
                BelowOne($"{Field}.adam_w.beta2", adam.Beta2);
                Epsilon($"{Field}.adam_w.epsilon", adam.Epsilon);
                violations.Range($"{Field}.adam_w.weight_decay", adam.WeightDecay, 0, RecipeLimits.MaxWeightDecay);
                break;
            case OptimizerRecipe.RmsProp root:
                BelowOne($"{Field}.rms_prop.decay", root.Decay);
                Epsilon($"{Field}.rms_prop.epsilon", root.Epsilon);
                break;
            case OptimizerRecipe.Adagrad adagrad:
                Epsilon($"{Field}.adagrad.epsilon", adagrad.Epsilon);
                break;
            default:
                violations.Add(Field, "nothing", AllOptimizers);
                break;
        }

        // As a float, too, it must stay below 1: with 1 nothing would ever be learned, or forgotten.
        void BelowOne(string field, double value) =>
            violations.Number(field, value, value >= 0 && (float)value < 1, "from 0 to below 1");

        void Epsilon(string field, double value) =>
            violations.Number(field, value, (float)value >= 1e-30f && value <= 1, "1E-30 to 1");
    }

    private static void CheckLearningRate(TrainingRecipe training, ViolationList violations)
    {
        const string Field = "recipe.training.learning_rate";
        var rate = training.LearningRate;
        violations.Positive($"{Field}.value", rate.Value, RecipeLimits.MaxLearningRate);
        if (rate.WarmupSteps < 0 || (training.Steps >= 1 && rate.WarmupSteps >= training.Steps))
        {
            violations.Add(
                $"{Field}.warmup_steps",
                ViolationList.Text(rate.WarmupSteps),
                training.Epochs == 0
                    ? $"from 0 to below recipe.training.steps, which is {ViolationList.Text(training.Steps)}"
                    : "from 0 to below the steps of the run");
        }

        switch (rate.Schedule)
        {
            case Schedule.Cosine:
                violations.Number(
                    $"{Field}.final",
                    rate.Final,
                    rate.Final >= 0 && (rate.Final <= rate.Value || !double.IsFinite(rate.Value)),
                    $"0 to learning_rate.value, which is {ViolationList.Text(rate.Value)}");
                break;
            case Schedule.Constant or Schedule.Step:
                violations.Number($"{Field}.final", rate.Final, rate.Final == 0, "0, because only the cosine schedule has an end of its own");
                break;
            default:
                violations.Add($"{Field}.schedule", rate.Schedule.ToString(), RecipeNames.Schedules.All);
                return;
        }

        if (rate.Schedule == Schedule.Step)
        {
            violations.Range($"{Field}.step_every", rate.StepEvery, 1, RecipeLimits.MaxSteps, "steps");
            violations.Positive($"{Field}.step_factor", rate.StepFactor, 1);
        }
        else if (rate.StepEvery != 0 || rate.StepFactor != 0)
        {
            violations.Add(
                rate.StepEvery != 0 ? $"{Field}.step_every" : $"{Field}.step_factor",
                rate.StepEvery != 0 ? ViolationList.Text(rate.StepEvery) : ViolationList.Text(rate.StepFactor),
                "nothing, because only the step schedule has steps of its own");
        }
    }
}
