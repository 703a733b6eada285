using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>
/// What a field means that a client leaves out, as the comments of recipe.proto promise. They are part of
/// recipe_sha256: the default of a released field never changes.
/// </summary>
internal static class SpecDefaults
{
    public const uint Lanes = 8;
    public const uint Seed = 1;

    public const uint Workers = 1;
    public const uint MinimumWorkers = 1;
    public const uint ParameterShards = 1;

    public const uint SequenceLength = 64;
    public const double ValidationFraction = 0.1;
    public const uint Bits = 12;
    public const uint ValidationBits = 32;
    public const uint ValidationSamples = 1_000;
    public const uint LineLength = 256;
    public const uint Horizon = 1;
    public const uint Season = 0;
    public const uint Difference = 0;
    public const bool Log = false;
    public const bool Standardize = true;
    public const double TableValidationFraction = 0.2;
    public const uint SequenceMaximum = 4_096;
    public const string Delimiter = ",";
    public const uint AddingLength = 100;
    public const uint CopyDelay = 20;
    public const uint CopySymbols = 8;
    public const uint CopyLength = 10;
    public const uint SineLength = 64;
    public const uint SineComponents = 3;
    public const double SineNoise = 0;
    public const uint SineValidationSamples = 256;

    public const double ForgetBias = 1;
    public const double DenseBias = 0;
    public const double OutputBias = 0;
    public const double Keep = 0.5;
    public const double Gain = 1;
    public const double Scale = 1;

    public const uint BatchSize = 32;
    public const double Beta1 = 0.9;
    public const double Beta2 = 0.999;
    public const double Epsilon = 1e-8;
    public const double Momentum = 0.9;
    public const double WeightDecay = 0.01;
    public const double Decay = 0.99;
    public const double AdagradEpsilon = 1e-10;
    public const double StepFactor = 0.1;
    public const double LearningRate = 0.001;
    public const ulong WarmupSteps = 0;
    public const double FinalLearningRate = 0;
    public const ulong ValidationInterval = 250;
    public const ulong ValidationBatches = 0;

    /// <summary>Of dense layers and the output layer.</summary>
    public static Initializer Dense { get; } = new Initializer.Xavier();

    /// <summary>
    /// Of embeddings: wide enough that symbols are told apart from the first step. Measured on tinyshakespeare
    /// (LSTM 256, Adam 0.004): validation loss about 1.52 after 2,000 steps, and 1.616 from ±1/√dimension.
    /// </summary>
    public static Initializer Embedding { get; } = new Initializer.TruncatedNormal(1);

    /// <summary>Of recurrent layers: uniform in ±1/√units. The square root is correctly rounded everywhere.</summary>
    /// <param name="units">Of the layer. A layer without units is refused elsewhere.</param>
    public static Initializer UniformOver(int units)
    {
        var bound = 1 / Math.Sqrt(Math.Max(units, 1));
        return new Initializer.Uniform(-bound, bound);
    }
}
