using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>A job: the run, and where it is carried out. Every default is filled in.</summary>
public sealed record JobSpec(Recipe Recipe, Placement Placement);

/// <summary>The run: what its final weights are a function of, besides the arithmetic version.</summary>
/// <param name="Lanes">Parts of every batch whose sums are added along a fixed tree; a power of two.</param>
/// <param name="Seed">Key of every random number (rule B9).</param>
public sealed record Recipe(DataRecipe Data, ModelRecipe Model, TrainingRecipe Training, int Lanes, uint Seed);

/// <summary>Where and how the run is carried out; nothing here can touch a bit.</summary>
/// <param name="CheckpointInterval">Steps between two checkpoints.</param>
public sealed record Placement(
    string Name,
    int Workers,
    int ParameterShards,
    int CheckpointInterval,
    ImmutableSortedDictionary<string, string> Labels);

/// <summary>What is learned from.</summary>
public abstract record DataRecipe
{
    private DataRecipe()
    {
    }

    /// <summary>UTF-8 text as contiguous streams of code points.</summary>
    /// <param name="Sha256">Of the bytes, 64 lower-case hexadecimal digits.</param>
    /// <param name="SequenceLength">Time steps of a training step.</param>
    /// <param name="ValidationFraction">Share at the end of the text that is only validated on.</param>
    public sealed record Text(string Sha256, int SequenceLength, double ValidationFraction) : DataRecipe;

    /// <summary>Generated sums, least significant bit first.</summary>
    public sealed record BinaryAddition(int Bits, int ValidationBits, int ValidationSamples) : DataRecipe;
}

/// <summary>The network but for what the data decides: the widths of input and output.</summary>
public sealed record ModelRecipe(ImmutableArray<LayerSpec> Layers, LossKind Loss, Initializer OutputInitializer);

/// <summary>How the weights are moved.</summary>
/// <param name="ClipNorm">Largest norm of a mean gradient; null: no clipping.</param>
public sealed record TrainingRecipe(
    long Steps,
    int BatchSize,
    OptimizerRecipe Optimizer,
    LearningRateRecipe LearningRate,
    double? ClipNorm,
    ValidationRecipe Validation);

public abstract record OptimizerRecipe
{
    private OptimizerRecipe()
    {
    }

    public sealed record Sgd : OptimizerRecipe;

    /// <summary>Kingma and Ba, "Adam", ICLR 2015.</summary>
    public sealed record Adam(double Beta1, double Beta2, double Epsilon) : OptimizerRecipe;
}

public enum Schedule
{
    Constant,
    Cosine,
}

/// <param name="Value">The rate after the warm-up.</param>
/// <param name="WarmupSteps">Steps over which the rate grows linearly to <paramref name="Value"/>.</param>
/// <param name="Final">What a cosine ends at.</param>
public sealed record LearningRateRecipe(double Value, Schedule Schedule, long WarmupSteps, double Final);

/// <param name="Interval">Steps between two validations; 0: only at the end.</param>
/// <param name="Batches">Most batches of one validation; 0: all.</param>
public sealed record ValidationRecipe(long Interval, long Batches);
