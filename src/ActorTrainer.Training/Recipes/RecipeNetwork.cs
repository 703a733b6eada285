using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>The whole network of a recipe, once its data has said how wide input and output are.</summary>
public static class RecipeNetwork
{
    /// <inheritdoc cref="Of(Recipe, InputKind, int, int)"/>
    public static NetworkSpec Of(Recipe recipe, int inputSize, int outputs) => Of(recipe, InputKindOf(recipe.Data), inputSize, outputs);

    /// <param name="input">What a time step is, as the opened data says.</param>
    /// <param name="inputSize">Symbols, or features.</param>
    /// <param name="outputs">Width of the output layer.</param>
    public static NetworkSpec Of(Recipe recipe, InputKind input, int inputSize, int outputs) => new(
        input,
        inputSize,
        recipe.Model.Layers,
        recipe.Model.Loss,
        outputs,
        recipe.Model.OutputInitializer)
    {
        Head = HeadOf(recipe),
        OutputBias = recipe.Model.OutputBias,
        ClassWeights = recipe.Model.ClassWeights,
    };

    /// <summary>What a time step is, as far as the recipe tells: the events of sequences may be named ones, which only the data shows.</summary>
    public static InputKind InputKindOf(DataRecipe data) =>
        data is DataRecipe.Text or DataRecipe.Lines or DataRecipe.CopyMemory ? InputKind.Symbols : InputKind.Features;

    /// <summary>Where the network's outputs are made, and the data's targets must stand.</summary>
    public static Head HeadOf(Recipe recipe) => recipe.Model.Head ?? DefaultHead(recipe.Data);

    /// <summary>Where outputs are made if a recipe does not say.</summary>
    public static Head DefaultHead(DataRecipe data) => data switch
    {
        DataRecipe.Forecast or DataRecipe.Sequences or DataRecipe.Images or DataRecipe.AddingProblem => Head.LastStep,
        _ => Head.EveryStep,
    };

    /// <summary>The loss that fits the data's targets, and the only one.</summary>
    public static LossKind DefaultLoss(DataRecipe data) => data switch
    {
        DataRecipe.BinaryAddition => LossKind.BinaryCrossEntropy,
        DataRecipe.Forecast or DataRecipe.AddingProblem or DataRecipe.SineMixture => LossKind.MeanSquaredError,
        DataRecipe.Sequences { LabelKind: LabelKind.Number } => LossKind.MeanSquaredError,
        _ => LossKind.SoftmaxCrossEntropy,
    };
}
