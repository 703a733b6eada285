using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds a recipe's network to what can be built and to what its data is.</summary>
internal static class ModelValidation
{
    public static void Check(Recipe recipe, ViolationList violations)
    {
        var model = recipe.Model;
        if (model is null || model.Layers.IsDefaultOrEmpty)
        {
            violations.Add("recipe.model.layers", "no layer", $"1 to {RecipeLimits.MaxLayers} layers");
            return;
        }

        if (model.Layers.Length > RecipeLimits.MaxLayers)
        {
            violations.Add("recipe.model.layers", $"{model.Layers.Length} layers", $"1 to {RecipeLimits.MaxLayers} layers");
            return;
        }

        for (var i = 0; i < model.Layers.Length; i++)
        {
            CheckLayer(recipe.Data, model.Layers[i], i, violations);
        }

        CheckLoss(recipe.Data, model.Loss, violations);
        CheckInitializer(model.OutputInitializer, "recipe.model.output.initializer", violations);
    }

    /// <summary>Bounds the flat vector of parameters and the widest activation, each of which is one array.</summary>
    public static void CheckSize(Recipe recipe, int inputSize, int outputs, ViolationList violations)
    {
        var size = ModelSize.Of(recipe.Model, inputSize, outputs);
        if (size.Parameters > RecipeLimits.MaxParameters)
        {
            violations.Add(
                "recipe.model.layers",
                $"at least {size.Parameters} parameters",
                $"at most {RecipeLimits.MaxParameters} parameters");
        }

        var time = recipe.Data switch
        {
            DataRecipe.Text text => text.SequenceLength,
            DataRecipe.BinaryAddition addition => Math.Max(addition.Bits, addition.ValidationBits),
            _ => 1,
        };
        var activations = (Int128)time * recipe.Training.BatchSize * size.Widest;
        if (activations > RecipeLimits.MaxActivations)
        {
            violations.Add(
                "recipe.training.batch_size",
                $"{recipe.Training.BatchSize} sequences of {time} steps, {size.Widest} wide: {activations} activations in one layer",
                $"at most {RecipeLimits.MaxActivations} activations; use fewer or shorter sequences or narrower layers");
        }
    }

    private static void CheckLayer(DataRecipe data, LayerSpec layer, int index, ViolationList violations)
    {
        var field = $"recipe.model.layers[{index}]";
        switch (layer)
        {
            case LayerSpec.Embedding embedding:
                if (index > 0)
                {
                    violations.Add($"{field}.embedding", $"an embedding as layer {index}", "an embedding only as layer 0, where the symbols enter");
                }

                if (data is DataRecipe.BinaryAddition)
                {
                    violations.Add($"{field}.embedding", "an embedding over bits", "an embedding only for text, whose time steps are symbols");
                }

                violations.Range($"{field}.embedding.dimension", embedding.Dimension, 1, RecipeLimits.MaxUnits);
                CheckInitializer(embedding.Initializer, $"{field}.embedding.initializer", violations);
                break;
            case LayerSpec.Lstm lstm:
                violations.Range($"{field}.lstm.units", lstm.Units, 1, RecipeLimits.MaxUnits);
                CheckValue(lstm.ForgetBias, $"{field}.lstm.forget_bias", violations);
                CheckInitializer(lstm.Initializer, $"{field}.lstm.initializer", violations);
                break;
            case LayerSpec.Elman elman:
                violations.Range($"{field}.elman.units", elman.Units, 1, RecipeLimits.MaxUnits);
                CheckInitializer(elman.Initializer, $"{field}.elman.initializer", violations);
                break;
            case LayerSpec.Dense dense:
                violations.Range($"{field}.dense.units", dense.Units, 1, RecipeLimits.MaxUnits);
                if (!Enum.IsDefined(dense.Activation))
                {
                    violations.Add($"{field}.dense.activation", dense.Activation.ToString(), RecipeNames.Activations.All);
                }

                CheckInitializer(dense.Initializer, $"{field}.dense.initializer", violations);
                CheckValue(dense.Bias, $"{field}.dense.bias", violations);
                break;
            default:
                violations.Add(field, "nothing", "embedding, lstm, elman or dense");
                break;
        }
    }

    private static void CheckLoss(DataRecipe data, LossKind loss, ViolationList violations)
    {
        LossKind? suitable = data switch
        {
            DataRecipe.Text => LossKind.SoftmaxCrossEntropy,
            DataRecipe.BinaryAddition => LossKind.BinaryCrossEntropy,
            _ => null,
        };
        if (!Enum.IsDefined(loss))
        {
            violations.Add("recipe.model.output.loss", loss.ToString(), RecipeNames.Losses.All);
        }
        else if (suitable is { } right && loss != right)
        {
            var kind = data is DataRecipe.Text ? "text, whose targets are symbols" : "binary addition, whose targets are bits";
            violations.Add("recipe.model.output.loss", RecipeNames.Losses.Of(loss), $"{RecipeNames.Losses.Of(right)} for {kind}");
        }
    }

    private static void CheckInitializer(Initializer initializer, string field, ViolationList violations)
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
            case Initializer.Xavier:
                break;
            default:
                violations.Add(field, "nothing", "truncated_normal, uniform, xavier or constant");
                break;
        }
    }

    private static void CheckValue(double value, string field, ViolationList violations) =>
        violations.Range(field, value, -RecipeLimits.MaxInitialValue, RecipeLimits.MaxInitialValue);
}
