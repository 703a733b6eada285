using System.Text.Json.Nodes;
using static ActorTrainer.Training.Recipes.JsonPart;

namespace ActorTrainer.Training.Recipes;

/// <summary>How the weights are moved, as canonical JSON. What came after the first release is left out while it means "as before".</summary>
internal static class TrainingJson
{
    public static JsonObject Write(TrainingRecipe training)
    {
        var json = new JsonObject
        {
            ["batch_size"] = training.BatchSize,
            ["optimizer"] = Optimizer(training.Optimizer),
            ["learning_rate"] = LearningRate(training.LearningRate),
            ["validation"] = new JsonObject
            {
                ["interval"] = training.Validation.Interval,
                ["batches"] = training.Validation.Batches,
            },
        };
        if (training.Epochs == 0)
        {
            json["steps"] = training.Steps;
        }
        else
        {
            json["epochs"] = training.Epochs;
        }

        if (training.ClipNorm is { } norm)
        {
            json["clip_norm"] = Number(norm);
        }

        if (training.ClipValue is { } value)
        {
            json["clip_value"] = Number(value);
        }

        return json;
    }

    public static TrainingRecipe Read(JsonFields fields)
    {
        var epochs = fields.Has("epochs") ? fields.Int32("epochs") : 0;
        return fields.Complete(new TrainingRecipe(
            epochs == 0 ? fields.Int64("steps") : 0,
            fields.Int32("batch_size"),
            ReadOptimizer(fields.Object("optimizer")),
            ReadLearningRate(fields.Object("learning_rate")),
            fields.OptionalDouble("clip_norm"),
            ReadValidation(fields.Object("validation")))
        {
            Epochs = epochs,
            ClipValue = fields.OptionalDouble("clip_value"),
        });
    }

    private static JsonObject Optimizer(OptimizerRecipe optimizer) => optimizer switch
    {
        OptimizerRecipe.Sgd => Kind("sgd", []),
        OptimizerRecipe.Adam adam => Kind("adam", new JsonObject
        {
            ["beta1"] = Number(adam.Beta1),
            ["beta2"] = Number(adam.Beta2),
            ["epsilon"] = Number(adam.Epsilon),
        }),
        OptimizerRecipe.Momentum momentum => Kind("momentum", new JsonObject { ["momentum"] = Number(momentum.Coefficient) }),
        OptimizerRecipe.Nesterov nesterov => Kind("nesterov", new JsonObject { ["momentum"] = Number(nesterov.Coefficient) }),
        OptimizerRecipe.AdamW adam => Kind("adam_w", new JsonObject
        {
            ["beta1"] = Number(adam.Beta1),
            ["beta2"] = Number(adam.Beta2),
            ["epsilon"] = Number(adam.Epsilon),
            ["weight_decay"] = Number(adam.WeightDecay),
        }),
        OptimizerRecipe.RmsProp root => Kind("rms_prop", new JsonObject
        {
            ["decay"] = Number(root.Decay),
            ["epsilon"] = Number(root.Epsilon),
        }),
        OptimizerRecipe.Adagrad adagrad => Kind("adagrad", new JsonObject { ["epsilon"] = Number(adagrad.Epsilon) }),
        _ => throw Unknown(optimizer),
    };

    private static OptimizerRecipe ReadOptimizer(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("sgd", "adam", "momentum", "nesterov", "adam_w", "rms_prop", "adagrad");
        return of.Complete<OptimizerRecipe>(kind switch
        {
            "sgd" => new OptimizerRecipe.Sgd(),
            "adam" => new OptimizerRecipe.Adam(of.Double("beta1"), of.Double("beta2"), of.Double("epsilon")),
            "momentum" => new OptimizerRecipe.Momentum(of.Double("momentum")),
            "nesterov" => new OptimizerRecipe.Nesterov(of.Double("momentum")),
            "adam_w" => new OptimizerRecipe.AdamW(of.Double("beta1"), of.Double("beta2"), of.Double("epsilon"), of.Double("weight_decay")),
            "rms_prop" => new OptimizerRecipe.RmsProp(of.Double("decay"), of.Double("epsilon")),
            _ => new OptimizerRecipe.Adagrad(of.Double("epsilon")),
        });
    }

    private static JsonObject LearningRate(LearningRateRecipe rate)
    {
        var json = new JsonObject
        {
            ["value"] = Number(rate.Value),
            ["schedule"] = RecipeNames.Schedules.Of(rate.Schedule),
            ["warmup_steps"] = rate.WarmupSteps,
            ["final"] = Number(rate.Final),
        };
        if (rate.Schedule == Schedule.Step)
        {
            json["step_every"] = rate.StepEvery;
            json["step_factor"] = Number(rate.StepFactor);
        }

        return json;
    }

    private static LearningRateRecipe ReadLearningRate(JsonFields fields)
    {
        var schedule = fields.Choice("schedule", RecipeNames.Schedules);
        var hasSteps = schedule == Schedule.Step;
        return fields.Complete(new LearningRateRecipe(
            fields.Double("value"),
            schedule,
            fields.Int64("warmup_steps"),
            fields.Double("final"))
        {
            StepEvery = hasSteps ? fields.Int64("step_every") : 0,
            StepFactor = hasSteps ? fields.Double("step_factor") : 0,
        });
    }

    private static ValidationRecipe ReadValidation(JsonFields fields) => fields.Complete(new ValidationRecipe(
        fields.Int64("interval"),
        fields.Int64("batches")));
}
