namespace ActorTrainer.Training.Recipes;

/// <summary>Holds the way weights are moved to what makes sense.</summary>
internal static class TrainingValidation
{
    public static void Check(TrainingRecipe training, ViolationList violations)
    {
        if (training is null)
        {
            violations.Add("recipe.training", "nothing", "steps at least");
            return;
        }

        violations.Range("recipe.training.steps", training.Steps, 1, RecipeLimits.MaxSteps);
        violations.Range("recipe.training.batch_size", training.BatchSize, 1, RecipeLimits.MaxBatchSize, "sequences");
        CheckOptimizer(training.Optimizer, violations);
        CheckLearningRate(training, violations);
        if (training.ClipNorm is { } norm)
        {
            violations.Positive("recipe.training.clip_norm", norm, RecipeLimits.MaxClipNorm);
        }

        violations.Range("recipe.training.validation.interval", training.Validation.Interval, 0, RecipeLimits.MaxSteps, "steps");
        violations.Range("recipe.training.validation.batches", training.Validation.Batches, 0, RecipeLimits.MaxSteps, "batches");
    }

    private static void CheckOptimizer(OptimizerRecipe optimizer, ViolationList violations)
    {
        switch (optimizer)
        {
            case OptimizerRecipe.Sgd:
                break;
            case OptimizerRecipe.Adam adam:
                Beta("recipe.training.optimizer.adam.beta1", adam.Beta1);
                Beta("recipe.training.optimizer.adam.beta2", adam.Beta2);
                violations.Number(
                    "recipe.training.optimizer.adam.epsilon",
                    adam.Epsilon,
                    (float)adam.Epsilon >= 1e-30f && adam.Epsilon <= 1,
                    "1E-30 to 1");
                break;
            default:
                violations.Add("recipe.training.optimizer", "nothing", "sgd or adam");
                break;
        }

        // As a float, too, a beta must stay below 1: with 1 nothing would ever be learned.
        void Beta(string field, double beta) =>
            violations.Number(field, beta, beta >= 0 && (float)beta < 1, "from 0 to below 1");
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
                $"from 0 to below recipe.training.steps, which is {ViolationList.Text(training.Steps)}");
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
            case Schedule.Constant:
                violations.Number($"{Field}.final", rate.Final, rate.Final == 0, "0, because only the cosine schedule has an end of its own");
                break;
            default:
                violations.Add($"{Field}.schedule", rate.Schedule.ToString(), RecipeNames.Schedules.All);
                break;
        }
    }
}
