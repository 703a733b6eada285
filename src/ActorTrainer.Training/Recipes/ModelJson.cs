using System.Text.Json.Nodes;
using ActorTrainer.Numerics.Networks;
using static ActorTrainer.Training.Recipes.JsonPart;

namespace ActorTrainer.Training.Recipes;

/// <summary>A network as canonical JSON. What came after the first release is left out while it means "as before".</summary>
internal static class ModelJson
{
    public static JsonObject Write(Recipe recipe)
    {
        var model = recipe.Model;
        var output = new JsonObject
        {
            ["loss"] = RecipeNames.Losses.Of(model.Loss),
            ["initializer"] = InitializerJson.Write(model.OutputInitializer),
        };
        if (RecipeNetwork.HeadOf(recipe) is var head && head != RecipeNetwork.DefaultHead(recipe.Data))
        {
            output["at"] = RecipeNames.Heads.Of(head);
        }

        if (model.OutputBias != 0)
        {
            output["bias"] = Number(model.OutputBias);
        }

        if (!model.ClassWeights.IsDefaultOrEmpty)
        {
            output["class_weights"] = new JsonArray([.. model.ClassWeights.Select(Number)]);
        }

        return new JsonObject
        {
            ["layers"] = new JsonArray([.. model.Layers.Select(Layer)]),
            ["output"] = output,
        };
    }

    public static ModelRecipe Read(JsonFields fields)
    {
        var layers = fields.Array("layers", RecipeLimits.MaxLayers);
        var output = fields.Object("output");
        var model = new ModelRecipe(
            [.. layers.Select(ReadLayer)],
            output.Choice("loss", RecipeNames.Losses),
            InitializerJson.Read(output.Object("initializer")))
        {
            Head = output.Has("at") ? output.Choice("at", RecipeNames.Heads) : null,
            OutputBias = output.OptionalDouble("bias") ?? 0,
            ClassWeights = output.Has("class_weights") ? output.Doubles("class_weights", RecipeLimits.MaxClassWeights) : [],
        };
        return fields.Complete(output.Complete(model));
    }

    private static JsonNode Layer(LayerSpec layer) => layer switch
    {
        LayerSpec.Embedding embedding => Kind("embedding", new JsonObject
        {
            ["dimension"] = embedding.Dimension,
            ["initializer"] = InitializerJson.Write(embedding.Initializer),
        }),
        LayerSpec.Lstm lstm => Kind("lstm", Recurrent(lstm.RecurrentInitializer, new JsonObject
        {
            ["units"] = lstm.Units,
            ["forget_bias"] = Number(lstm.ForgetBias),
            ["initializer"] = InitializerJson.Write(lstm.Initializer),
        })),
        LayerSpec.Elman elman => Kind("elman", Recurrent(elman.RecurrentInitializer, Elman(elman))),
        LayerSpec.Gru gru => Kind("gru", Recurrent(gru.RecurrentInitializer, new JsonObject
        {
            ["units"] = gru.Units,
            ["reset"] = RecipeNames.Resets.Of(gru.Reset),
            ["initializer"] = InitializerJson.Write(gru.Initializer),
        })),
        LayerSpec.Dense dense => Kind("dense", new JsonObject
        {
            ["units"] = dense.Units,
            ["activation"] = RecipeNames.Activations.Of(dense.Activation),
            ["initializer"] = InitializerJson.Write(dense.Initializer),
            ["bias"] = Number(dense.Bias),
        }),
        LayerSpec.Dropout dropout => Kind("dropout", new JsonObject { ["keep"] = Number(dropout.Keep) }),
        _ => throw Unknown(layer),
    };

    private static JsonObject Elman(LayerSpec.Elman elman)
    {
        var json = new JsonObject
        {
            ["units"] = elman.Units,
            ["initializer"] = InitializerJson.Write(elman.Initializer),
        };
        if (elman.Activation != Activation.Tanh)
        {
            json["activation"] = RecipeNames.Activations.Of(elman.Activation);
        }

        return json;
    }

    private static JsonObject Recurrent(Initializer? initializer, JsonObject layer)
    {
        if (initializer is not null)
        {
            layer["recurrent_initializer"] = InitializerJson.Write(initializer);
        }

        return layer;
    }

    private static LayerSpec ReadLayer(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("embedding", "lstm", "elman", "gru", "dense", "dropout");
        return of.Complete<LayerSpec>(kind switch
        {
            "embedding" => new LayerSpec.Embedding(of.Int32("dimension"), InitializerJson.Read(of.Object("initializer"))),
            "lstm" => new LayerSpec.Lstm(of.Int32("units"), of.Double("forget_bias"), InitializerJson.Read(of.Object("initializer")))
            {
                RecurrentInitializer = ReadRecurrent(of),
            },
            "elman" => new LayerSpec.Elman(of.Int32("units"), InitializerJson.Read(of.Object("initializer")))
            {
                Activation = of.Has("activation") ? of.Choice("activation", RecipeNames.Activations) : Activation.Tanh,
                RecurrentInitializer = ReadRecurrent(of),
            },
            "gru" => new LayerSpec.Gru(of.Int32("units"), of.Choice("reset", RecipeNames.Resets), InitializerJson.Read(of.Object("initializer")))
            {
                RecurrentInitializer = ReadRecurrent(of),
            },
            "dropout" => new LayerSpec.Dropout(of.Double("keep")),
            _ => new LayerSpec.Dense(
                of.Int32("units"),
                of.Choice("activation", RecipeNames.Activations),
                InitializerJson.Read(of.Object("initializer")),
                of.Double("bias")),
        });
    }

    private static Initializer? ReadRecurrent(JsonFields of) =>
        of.Has("recurrent_initializer") ? InitializerJson.Read(of.Object("recurrent_initializer")) : null;
}
