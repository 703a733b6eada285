using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds a recipe's network to what can be built and to what its data is.</summary>
internal static class ModelValidation
{
    private const string EmbeddingAllowed = "an embedding only where time steps are symbols: text, lines, copy memory, named events";
    private const string DropoutAllowed = "dropout over features: of numbers, or above another layer";

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

        OutputValidation.Check(recipe, violations);
    }

    /// <summary>Holds the network to what the files turned out to hold.</summary>
    public static void CheckWithData(Recipe recipe, DataShape data, ViolationList violations)
    {
        switch (recipe.Model.Layers[0])
        {
            case LayerSpec.Embedding when data.Input != InputKind.Symbols:
                violations.Add("recipe.model.layers[0].embedding", "an embedding over numbers", EmbeddingAllowed);
                break;
            case LayerSpec.Dropout when data.Input == InputKind.Symbols:
                violations.Add("recipe.model.layers[0].dropout", "dropout directly over symbols", DropoutAllowed);
                break;
        }

        OutputValidation.CheckWithData(recipe, data, violations);
    }

    /// <summary>Bounds the flat vector of parameters and the widest activation, each of which is one array.</summary>
    /// <param name="time">Time steps of the longest sequence, as far as it is known.</param>
    public static void CheckSize(Recipe recipe, int inputSize, int outputs, int time, ViolationList violations)
    {
        var size = ModelSize.Of(recipe.Model, inputSize, outputs);
        if (size.Parameters > RecipeLimits.MaxParameters)
        {
            violations.Add(
                "recipe.model.layers",
                $"at least {size.Parameters} parameters",
                $"at most {RecipeLimits.MaxParameters} parameters");
        }

        OrthogonalCost.Check(recipe.Model, inputSize, outputs, violations);
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

                if (data is not null && !MayBeSymbols(data))
                {
                    violations.Add($"{field}.embedding", $"an embedding over {Features(data)}", EmbeddingAllowed);
                }

                violations.Range($"{field}.embedding.dimension", embedding.Dimension, 1, RecipeLimits.MaxUnits);
                InitializerValidation.Check(embedding.Initializer, $"{field}.embedding.initializer", violations);
                break;
            case LayerSpec.Lstm lstm:
                violations.Range($"{field}.lstm.units", lstm.Units, 1, RecipeLimits.MaxUnits);
                InitializerValidation.CheckValue(lstm.ForgetBias, $"{field}.lstm.forget_bias", violations);
                CheckRecurrent(lstm.Initializer, lstm.RecurrentInitializer, $"{field}.lstm", violations);
                break;
            case LayerSpec.Elman elman:
                violations.Range($"{field}.elman.units", elman.Units, 1, RecipeLimits.MaxUnits);
                if (elman.Activation is not (Activation.Tanh or Activation.Relu))
                {
                    var found = Enum.IsDefined(elman.Activation) ? RecipeNames.Activations.Of(elman.Activation) : elman.Activation.ToString();
                    violations.Add($"{field}.elman.activation", found, "tanh or relu");
                }

                CheckRecurrent(elman.Initializer, elman.RecurrentInitializer, $"{field}.elman", violations);
                break;
            case LayerSpec.Gru gru:
                violations.Range($"{field}.gru.units", gru.Units, 1, RecipeLimits.MaxUnits);
                if (!Enum.IsDefined(gru.Reset))
                {
                    violations.Add($"{field}.gru.reset", gru.Reset.ToString(), RecipeNames.Resets.All);
                }

                CheckRecurrent(gru.Initializer, gru.RecurrentInitializer, $"{field}.gru", violations);
                break;
            case LayerSpec.Dense dense:
                violations.Range($"{field}.dense.units", dense.Units, 1, RecipeLimits.MaxUnits);
                if (!Enum.IsDefined(dense.Activation))
                {
                    violations.Add($"{field}.dense.activation", dense.Activation.ToString(), RecipeNames.Activations.All);
                }

                InitializerValidation.Check(dense.Initializer, $"{field}.dense.initializer", violations);
                InitializerValidation.CheckValue(dense.Bias, $"{field}.dense.bias", violations);
                break;
            case LayerSpec.Dropout dropout:
                if (index == 0 && data is not null && RecipeNetwork.InputKindOf(data) == InputKind.Symbols)
                {
                    violations.Add($"{field}.dropout", "dropout directly over symbols", DropoutAllowed);
                }

                // As a float, too, it must be above 0: kept units are scaled by its inverse.
                violations.Number($"{field}.dropout.keep", dropout.Keep, (float)dropout.Keep >= 1e-6f && dropout.Keep <= 1, "0.000001 to 1");
                break;
            default:
                violations.Add(field, "nothing", "embedding, lstm, elman, gru, dense or dropout");
                break;
        }
    }

    private static void CheckRecurrent(Initializer initializer, Initializer? recurrent, string field, ViolationList violations)
    {
        InitializerValidation.Check(initializer, $"{field}.initializer", violations);
        if (recurrent is not null)
        {
            InitializerValidation.Check(recurrent, $"{field}.recurrent_initializer", violations);
        }
    }

    // What a time step of sequences is, only the file tells.
    private static bool MayBeSymbols(DataRecipe data) =>
        RecipeNetwork.InputKindOf(data) == InputKind.Symbols || data is DataRecipe.Sequences { Format: SequencesFormat.JsonLines };

    private static string Features(DataRecipe data) => data switch
    {
        DataRecipe.BinaryAddition => "bits",
        DataRecipe.Images => "pixels",
        _ => "numbers",
    };
}
