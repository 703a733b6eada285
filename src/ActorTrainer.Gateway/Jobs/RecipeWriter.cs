using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes a run with every value spelled out.</summary>
internal static class RecipeWriter
{
    public static Proto.Recipe Write(Recipe recipe) => new()
    {
        Data = DataWriter.Write(recipe.Data),
        Model = ModelWriter.Write(recipe),
        Training = TrainingWriter.Write(recipe.Training),
        Lanes = (uint)recipe.Lanes,
        Seed = recipe.Seed,
    };

    /// <summary>A part of a recipe that the API cannot say.</summary>
    public static InvalidOperationException NotInTheApi(object value) =>
        new($"{value} has no place in recipe.proto yet; it must be given one together with its record");
}
