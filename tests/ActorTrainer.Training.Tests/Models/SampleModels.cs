using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tests.Recipes;

namespace ActorTrainer.Training.Tests.Models;

/// <summary>Small models with the weights that their seed gives them.</summary>
internal static class SampleModels
{
    public const string Characters = "\n abcdefgh水练";

    public static ModelFile Text()
    {
        var recipe = SampleJobs.Text.WithLayers(
            new LayerSpec.Embedding(3, new Initializer.Uniform(-2, 2)),
            new LayerSpec.Lstm(5, 1, new Initializer.Uniform(-2, 2)),
            new LayerSpec.Elman(4, new Initializer.Uniform(-2, 2))).Recipe;
        return Model(recipe, DataSchema.OfText(Vocabulary.FromCharacters(Characters)));
    }

    public static ModelFile Addition() => Model(SampleJobs.Addition.Recipe, DataSchema.Nameless(InputKind.Features, 2, 1));

    /// <summary>Every new kind of tensor, and a schema of scales and classes; epochs instead of steps.</summary>
    public static ModelFile Sequences() => Model(
        SampleJobs.Text.Recipe with
        {
            Data = new DataRecipe.Sequences(
                new string('1', 64), SequencesFormat.Csv, "id", ["x", "y 水"], "label", LabelKind.Class, 0.2, null, TableFormat.Default, true, 100),
            Model = SampleJobs.Text.Recipe.Model with
            {
                Layers =
                [
                    new LayerSpec.Gru(4, GruReset.After, new Initializer.Xavier()) { RecurrentInitializer = new Initializer.Orthogonal(1) },
                    new LayerSpec.Dropout(0.5),
                    new LayerSpec.Gru(3, GruReset.Before, new Initializer.Xavier()),
                ],
                ClassWeights = [1, 2.5],
            },
            Training = SampleJobs.Text.Recipe.Training with { Steps = 0, Epochs = 3 },
        },
        new DataSchema(
            InputKind.Features, 2, 2, null, [], [new ColumnScale("x", 0.25, 3), new ColumnScale("y 水", -1, 1e-3)], [], ["no", "yes"]));

    /// <summary>A language model of lines.</summary>
    public static ModelFile Lines() => Model(
        SampleJobs.Text.WithLayers(new LayerSpec.Elman(6, new Initializer.Uniform(-2, 2)) { Activation = Activation.Relu }).Recipe with
        {
            Data = new DataRecipe.Lines(new string('2', 64), 0.1, 256),
        },
        DataSchema.OfText(Vocabulary.FromCharacters(Characters)));

    private static ModelFile Model(Recipe recipe, DataSchema schema)
    {
        var network = RecipeNetwork.Of(recipe, schema.Input, schema.InputSize, schema.Outputs);
        var weights = new float[new ModelLayout(network).ParameterCount];
        InitialWeights.Fill(network, recipe.Seed, weights);
        return new ModelFile(recipe, 1234, schema, weights);
    }

    public static byte[] Bytes(this ModelFile model)
    {
        using var file = new MemoryStream();
        model.Write(file);
        return file.ToArray();
    }
}
