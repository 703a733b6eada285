using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Cluster.Tests;

/// <summary>Jobs small enough for specs.</summary>
internal static class Specimens
{
    /// <summary>Binary addition with an Elman network of 17 norm blocks, so that four shards hold weights.</summary>
    public static JobSpec BinaryAddition(int workers = 1, int shards = 1, long steps = 12, int checkpointInterval = 5) => new(
        new Recipe(
            new DataRecipe.BinaryAddition(Bits: 4, ValidationBits: 6, ValidationSamples: 10),
            new ModelRecipe(
                [new LayerSpec.Elman(64, new Initializer.Xavier())], LossKind.BinaryCrossEntropy, new Initializer.Xavier()),
            new TrainingRecipe(
                steps,
                BatchSize: 8,
                new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
                new LearningRateRecipe(0.01, Schedule.Constant, 0, 0),
                ClipNorm: 1,
                new ValidationRecipe(Interval: 5, Batches: 1)),
            Lanes: 8,
            Seed: 7),
        new Placement("specimen", workers, shards, checkpointInterval, ImmutableSortedDictionary<string, string>.Empty));

    /// <summary>A GRU with dropout over lines in shuffled epochs, whose last batches are short.</summary>
    public static JobSpec Lines(string sha256, int workers, int shards)
    {
        var addition = BinaryAddition(workers, shards);
        return addition with
        {
            Recipe = addition.Recipe with
            {
                Data = new DataRecipe.Lines(sha256, ValidationFraction: 0.2, MaximumLength: 64),
                Model = new ModelRecipe(
                    [
                        new LayerSpec.Embedding(8, new Initializer.Xavier()),
                        new LayerSpec.Gru(32, GruReset.After, new Initializer.Xavier()) { RecurrentInitializer = new Initializer.Orthogonal(1) },
                        new LayerSpec.Dropout(0.7),
                    ],
                    LossKind.SoftmaxCrossEntropy,
                    new Initializer.Xavier()),
                Training = addition.Recipe.Training with { Steps = 0, Epochs = 3, Optimizer = new OptimizerRecipe.Momentum(0.9) },
            },
        };
    }

    /// <summary>A character LSTM that carries state from step to step, on a text of that hash.</summary>
    public static JobSpec Text(string sha256, int workers, int shards)
    {
        var addition = BinaryAddition(workers, shards);
        return addition with
        {
            Recipe = addition.Recipe with
            {
                Data = new DataRecipe.Text(sha256, SequenceLength: 8, ValidationFraction: 0.2),
                Model = new ModelRecipe(
                    [new LayerSpec.Embedding(8, new Initializer.Xavier()), new LayerSpec.Lstm(32, 1, new Initializer.Xavier())],
                    LossKind.SoftmaxCrossEntropy,
                    new Initializer.Xavier()),
            },
        };
    }
}
