using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>The whole network of a recipe, once its data has said how wide input and output are.</summary>
public static class RecipeNetwork
{
    public static NetworkSpec Of(Recipe recipe, int inputSize, int outputs) => new(
        recipe.Data is DataRecipe.Text ? InputKind.Symbols : InputKind.Features,
        inputSize,
        recipe.Model.Layers,
        recipe.Model.Loss,
        outputs,
        recipe.Model.OutputInitializer);
}
