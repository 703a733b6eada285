namespace ActorTrainer.Training.Recipes;

/// <summary>The written bounds of what a job may ask for.</summary>
public static class RecipeLimits
{
    public const int MaxLanes = 1024;

    /// <summary>2⁴⁰; also the limit of the generator's step counter (B9).</summary>
    public const long MaxSteps = 1L << 40;

    public const int MaxBatchSize = 65_536;

    public const int MaxSequenceLength = 65_536;

    public const double MaxValidationFraction = 0.5;

    public const int MinBits = 2;

    public const int MaxBits = 62;

    public const int MaxValidationSamples = 1_000_000;

    /// <summary>Characters of a line.</summary>
    public const int MaxLineLength = 65_535;

    /// <summary>Columns that a recipe names.</summary>
    public const int MaxColumns = 4_096;

    /// <summary>Characters of a column's name.</summary>
    public const int MaxColumnName = 256;

    /// <summary>Rows of a window, of a season, and between the two values of a difference.</summary>
    public const int MaxWindow = 65_536;

    /// <summary>Rows that are forecast at once.</summary>
    public const int MaxHorizon = 4_096;

    /// <summary>Different symbols of copy memory.</summary>
    public const int MaxCopySymbols = 1_024;

    /// <summary>Symbols that copy memory remembers.</summary>
    public const int MaxCopyLength = 4_096;

    /// <summary>Waves of a sine mixture.</summary>
    public const int MaxComponents = 64;

    /// <summary>Half of the range of a sine mixture's noise.</summary>
    public const double MaxNoise = 10;

    public const int MaxEpochs = 1_000_000;

    public const int MaxClassWeights = 4_096;

    /// <summary>Above 0: a batch of nothing but this class has a mean, too.</summary>
    public const double MinClassWeight = 1e-6;

    public const double MaxClassWeight = 1e6;

    public const int MaxLayers = 64;

    /// <summary>Units of a layer, or dimension of an embedding.</summary>
    public const int MaxUnits = 65_536;

    /// <summary>
    /// 2⁴⁰ operations in double to make all orthogonal weights, 4·d·k² for k vectors of d: an LSTM's four
    /// matrices of 4,096 × 4,096, about a minute and a half of one core.
    /// </summary>
    public const long MaxOrthogonalOperations = 1L << 40;

    /// <summary>The flat vector of parameters is one array.</summary>
    public static readonly long MaxParameters = Array.MaxLength;

    /// <summary>Of initial values, biases and the bounds of what they are drawn from.</summary>
    public const double MaxInitialValue = 1_000;

    public const double MaxLearningRate = 1_000;

    /// <summary>Of a norm, or of an element.</summary>
    public const double MaxClipNorm = 1e30;

    public const double MaxWeightDecay = 1_000;

    /// <summary>Floats of the widest activation over all time steps and rows of a batch: it is one array.</summary>
    public static readonly long MaxActivations = Array.MaxLength;

    public const int MaxWorkers = 4096;

    public const int MaxParameterShards = 1024;

    public const int MaxCheckpointInterval = 1_000_000_000;

    /// <summary>Characters.</summary>
    public const int MaxNameLength = 128;

    public const int MaxLabels = 64;

    /// <summary>Characters of a label's key.</summary>
    public const int MaxLabelKeyLength = 63;

    /// <summary>Characters of a label's value.</summary>
    public const int MaxLabelValueLength = 256;
}
