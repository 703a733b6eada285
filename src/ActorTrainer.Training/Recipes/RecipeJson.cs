using System.Text.Json.Nodes;
using ActorTrainer.Data.Json;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>
/// A recipe as canonical JSON: the names of the API, every default filled in. It is what
/// <c>recipe_sha256</c> is taken over, so that what is written for a recipe must never change: the
/// default of a released field stays, and a new field is left out while it has the value that means
/// "as before" (as <c>clip_norm</c> is where nothing is clipped).
/// </summary>
public static class RecipeJson
{
    /// <exception cref="ArgumentOutOfRangeException">A choice of the recipe is not known; a validated recipe has none.</exception>
    /// <exception cref="FormatException">A number is not finite; a validated recipe has none.</exception>
    public static string Write(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return CanonicalJson.Of(new JsonObject
        {
            ["data"] = Data(recipe.Data),
            ["model"] = Model(recipe.Model),
            ["training"] = Training(recipe.Training),
            ["lanes"] = recipe.Lanes,
            ["seed"] = recipe.Seed,
        }.ToJsonString());
    }

    /// <summary>The recipe that a text was written for. Strict: nothing may be missing, unknown or of another type.</summary>
    /// <exception cref="RecipeFormatException">The text is no recipe; the message names the field.</exception>
    public static Recipe Read(string json) => RecipeReader.Read(json);

    private static JsonObject Data(DataRecipe data) => data switch
    {
        DataRecipe.Text text => Kind("text", new JsonObject
        {
            ["sha256"] = text.Sha256,
            ["sequence_length"] = text.SequenceLength,
            ["validation_fraction"] = Number(text.ValidationFraction),
        }),
        DataRecipe.BinaryAddition addition => Kind("binary_addition", new JsonObject
        {
            ["bits"] = addition.Bits,
            ["validation_bits"] = addition.ValidationBits,
            ["validation_samples"] = addition.ValidationSamples,
        }),
        _ => throw Unknown(data),
    };

    private static JsonObject Model(ModelRecipe model) => new()
    {
        ["layers"] = new JsonArray([.. model.Layers.Select(Layer)]),
        ["output"] = new JsonObject
        {
            ["loss"] = RecipeNames.Losses.Of(model.Loss),
            ["initializer"] = InitializerOf(model.OutputInitializer),
        },
    };

    private static JsonNode Layer(LayerSpec layer) => layer switch
    {
        LayerSpec.Embedding embedding => Kind("embedding", new JsonObject
        {
            ["dimension"] = embedding.Dimension,
            ["initializer"] = InitializerOf(embedding.Initializer),
        }),
        LayerSpec.Lstm lstm => Kind("lstm", new JsonObject
        {
            ["units"] = lstm.Units,
            ["forget_bias"] = Number(lstm.ForgetBias),
            ["initializer"] = InitializerOf(lstm.Initializer),
        }),
        LayerSpec.Elman elman => Kind("elman", new JsonObject
        {
            ["units"] = elman.Units,
            ["initializer"] = InitializerOf(elman.Initializer),
        }),
        LayerSpec.Dense dense => Kind("dense", new JsonObject
        {
            ["units"] = dense.Units,
            ["activation"] = RecipeNames.Activations.Of(dense.Activation),
            ["initializer"] = InitializerOf(dense.Initializer),
            ["bias"] = Number(dense.Bias),
        }),
        _ => throw Unknown(layer),
    };

    private static JsonObject InitializerOf(Initializer initializer) => initializer switch
    {
        Initializer.TruncatedNormal normal => Kind("truncated_normal", new JsonObject
        {
            ["standard_deviation"] = Number(normal.StandardDeviation),
        }),
        Initializer.Uniform uniform => Kind("uniform", new JsonObject
        {
            ["low"] = Number(uniform.Low),
            ["high"] = Number(uniform.High),
        }),
        Initializer.Xavier => Kind("xavier", []),
        Initializer.Constant constant => Kind("constant", new JsonObject { ["value"] = Number(constant.Value) }),
        _ => throw Unknown(initializer),
    };

    private static JsonObject Training(TrainingRecipe training)
    {
        var json = new JsonObject
        {
            ["steps"] = training.Steps,
            ["batch_size"] = training.BatchSize,
            ["optimizer"] = training.Optimizer switch
            {
                OptimizerRecipe.Sgd => Kind("sgd", []),
                OptimizerRecipe.Adam adam => Kind("adam", new JsonObject
                {
                    ["beta1"] = Number(adam.Beta1),
                    ["beta2"] = Number(adam.Beta2),
                    ["epsilon"] = Number(adam.Epsilon),
                }),
                _ => throw Unknown(training.Optimizer),
            },
            ["learning_rate"] = new JsonObject
            {
                ["value"] = Number(training.LearningRate.Value),
                ["schedule"] = RecipeNames.Schedules.Of(training.LearningRate.Schedule),
                ["warmup_steps"] = training.LearningRate.WarmupSteps,
                ["final"] = Number(training.LearningRate.Final),
            },
            ["validation"] = new JsonObject
            {
                ["interval"] = training.Validation.Interval,
                ["batches"] = training.Validation.Batches,
            },
        };
        if (training.ClipNorm is { } norm)
        {
            json["clip_norm"] = Number(norm);
        }

        return json;
    }

    private static JsonObject Kind(string kind, JsonObject value) => new() { [kind] = value };

    // Refused here by its value: the writer below would only name a setting of the library.
    private static JsonNode Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : throw new FormatException($"{ViolationList.Text(value)} is no number that a recipe can hold.");

    private static ArgumentOutOfRangeException Unknown(object? value) =>
        new(nameof(value), value, "This part of a recipe is not known.");
}
