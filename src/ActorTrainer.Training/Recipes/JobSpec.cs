using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>A job: the run, and where it is carried out. Every default is filled in, the checkpoint interval's when the job is taken.</summary>
public sealed record JobSpec(Recipe Recipe, Placement Placement);

/// <summary>The run: what its final weights are a function of, besides the arithmetic version.</summary>
/// <param name="Lanes">Parts of every batch whose sums are added along a fixed tree; a power of two.</param>
/// <param name="Seed">Key of every random number (rule B9).</param>
public sealed record Recipe(DataRecipe Data, ModelRecipe Model, TrainingRecipe Training, int Lanes, uint Seed);

/// <summary>Where and how the run is carried out; nothing here can touch a bit.</summary>
/// <param name="CheckpointInterval">Most steps that the loss of a server costs: a checkpoint begins after every three quarters of it; <see cref="DefaultCheckpointInterval.Unset"/>: what suits the run.</param>
public sealed record Placement(
    string Name,
    int Workers,
    int ParameterShards,
    int CheckpointInterval,
    ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>Below so many workers nobody computes, from 1 to <see cref="Workers"/>.</summary>
    public int MinimumWorkers { get; init; } = 1;
}

/// <summary>The network but for what the data decides: the widths of input and output.</summary>
public sealed record ModelRecipe(ImmutableArray<LayerSpec> Layers, LossKind Loss, Initializer OutputInitializer)
{
    /// <summary>Where outputs are made; null: where the data's targets stand (<see cref="RecipeNetwork.HeadOf"/>).</summary>
    public Head? Head { get; init; }

    /// <summary>What the output layer's bias starts at.</summary>
    public double OutputBias { get; init; }

    /// <summary>Of softmax: what a target of each class weighs in the mean of the loss; empty: 1 each.</summary>
    public ImmutableArray<double> ClassWeights { get; init; } = [];
}
