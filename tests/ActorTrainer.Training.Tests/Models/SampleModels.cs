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
        return Model(recipe, Vocabulary.FromCharacters(Characters), Characters.Length, Characters.Length);
    }

    public static ModelFile Addition() => Model(SampleJobs.Addition.Recipe, null, 2, 1);

    private static ModelFile Model(Recipe recipe, Vocabulary? vocabulary, int inputs, int outputs)
    {
        var network = RecipeNetwork.Of(recipe, inputs, outputs);
        var weights = new float[new ModelLayout(network).ParameterCount];
        InitialWeights.Fill(network, recipe.Seed, weights);
        return new ModelFile(recipe, 1234, vocabulary, weights);
    }

    public static byte[] Bytes(this ModelFile model)
    {
        using var file = new MemoryStream();
        model.Write(file);
        return file.ToArray();
    }
}
