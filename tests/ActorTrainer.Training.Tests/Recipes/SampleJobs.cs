using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

/// <summary>Jobs that are right, for specs that spoil one thing at a time.</summary>
internal static class SampleJobs
{
    public static readonly Placement Placement =
        new("", 2, 1, 100, ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));

    private static readonly TrainingRecipe Training = new(
        2000,
        64,
        new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
        new LearningRateRecipe(0.004, Schedule.Cosine, 0, 0),
        1.0,
        new ValidationRecipe(250, 0));

    /// <summary>Embedding 64, LSTM 256 over text.</summary>
    public static readonly JobSpec Text = new(
        new Recipe(
            new DataRecipe.Text(new string('0', 64), 64, 0.1),
            new ModelRecipe(
                [
                    new LayerSpec.Embedding(64, new Initializer.Uniform(-0.125, 0.125)),
                    new LayerSpec.Lstm(256, 1, new Initializer.Uniform(-0.0625, 0.0625)),
                ],
                LossKind.SoftmaxCrossEntropy,
                new Initializer.Xavier()),
            Training,
            8,
            1),
        Placement);

    /// <summary>Every other kind there is.</summary>
    public static readonly JobSpec Addition = new(
        new Recipe(
            new DataRecipe.BinaryAddition(12, 32, 1000),
            new ModelRecipe(
                [
                    new LayerSpec.Elman(64, new Initializer.TruncatedNormal(0.1)),
                    new LayerSpec.Dense(16, Activation.Relu, new Initializer.Constant(1e-7), -0.5),
                ],
                LossKind.BinaryCrossEntropy,
                new Initializer.Constant(0)),
            Training with
            {
                Optimizer = new OptimizerRecipe.Sgd(),
                ClipNorm = null,
                LearningRate = new LearningRateRecipe(0.1, Schedule.Constant, 10, 0),
            },
            4,
            4294967295),
        Placement);

    public static JobSpec With(this JobSpec spec, Func<Recipe, Recipe> change) => spec with { Recipe = change(spec.Recipe) };

    public static JobSpec WithTraining(this JobSpec spec, Func<TrainingRecipe, TrainingRecipe> change) =>
        spec.With(recipe => recipe with { Training = change(recipe.Training) });

    public static JobSpec WithLayers(this JobSpec spec, params ImmutableArray<LayerSpec> layers) =>
        spec.With(recipe => recipe with { Model = recipe.Model with { Layers = layers } });

    public static JobSpec WithPlacement(this JobSpec spec, Func<Placement, Placement> change) =>
        spec with { Placement = change(spec.Placement) };
}
