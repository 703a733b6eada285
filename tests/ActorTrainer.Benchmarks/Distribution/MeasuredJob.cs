using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>A recipe, its text, and which of its steps are measured: those after the warm-up.</summary>
/// <param name="Text">UTF-8; empty for generated data.</param>
/// <param name="WarmUpSteps">Steps that come first and are not measured.</param>
internal sealed record MeasuredJob(string Name, Recipe Recipe, byte[] Text, long WarmUpSteps)
{
    private const int Seed = 20260301;

    /// <summary>Characters of a source text: the printable ones of ASCII and the end of a line.</summary>
    private const string Alphabet = "\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly Initializer Xavier = new Initializer.Xavier();

    /// <summary>Into how many parts the parameters are cut.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Steps between two checkpoints; what a benchmark does not ask for stands between no two of its steps.</summary>
    public int CheckpointInterval { get; init; } = 100_000;

    /// <summary>Steps from the end of the warm-up to the last.</summary>
    public long MeasuredSteps => Recipe.Training.Steps - WarmUpSteps;

    /// <summary>examples/self-portrait.yaml on a generated text of a million characters.</summary>
    public static MeasuredJob SelfPortrait()
    {
        var text = GeneratedText(1_000_000);
        return new MeasuredJob(
            "self-portrait",
            new Recipe(
                new DataRecipe.Text(ContentHash.Sha256Of(text), SequenceLength: 64, ValidationFraction: 0.1),
                new ModelRecipe([new LayerSpec.Embedding(64, new Initializer.TruncatedNormal(1)), new LayerSpec.Lstm(256, 1, new Initializer.Uniform(-0.0625, 0.0625))], LossKind.SoftmaxCrossEntropy, Xavier),
                Training(steps: 26, batchSize: 64),
                Lanes: 8,
                Seed: 1),
            text,
            WarmUpSteps: 6);
    }

    /// <summary>Two layers of 512 LSTM units on the same text, one-hot: 3.4 million parameters, 13.7 MB of gradients and of weights in every step.</summary>
    public static MeasuredJob TwoLayers()
    {
        var text = GeneratedText(1_000_000);
        return new MeasuredJob(
            "two-layers",
            new Recipe(
                new DataRecipe.Text(ContentHash.Sha256Of(text), SequenceLength: 64, ValidationFraction: 0.1),
                new ModelRecipe([.. Enumerable.Repeat(new LayerSpec.Lstm(512, ForgetBias: 1, new Initializer.Uniform(-0.04, 0.04)), 2)], LossKind.SoftmaxCrossEntropy, Xavier),
                Training(steps: 11, batchSize: 64),
                Lanes: 8,
                Seed: 1),
            text,
            WarmUpSteps: 3);
    }

    /// <summary>LSTM 256 over embeddings of 96, T 64, B 64: case b of the comparison with libtorch.</summary>
    public static MeasuredJob OneLayerCase() => Case("b", layers: 1, units: 256, batchSize: 64, steps: 26);

    /// <summary>LSTM 2×512 over embeddings of 96, T 64, B 32: case c of the comparison with libtorch.</summary>
    public static MeasuredJob TwoLayerCase() => Case("c", layers: 2, units: 512, batchSize: 32, steps: 14);

    /// <summary>An Elman network whose step takes a fraction of a millisecond: what is left is the cluster's own time.</summary>
    public static MeasuredJob SmallElman() => new(
        "small-elman",
        new Recipe(
            new DataRecipe.BinaryAddition(Bits: 8, ValidationBits: 8, ValidationSamples: 32),
            new ModelRecipe([new LayerSpec.Elman(16, Xavier)], LossKind.BinaryCrossEntropy, Xavier),
            Training(steps: 6000, batchSize: 32),
            Lanes: 8,
            Seed: 1),
        [],
        WarmUpSteps: 3000);

    /// <summary>64 lanes of a model of 64 KB (16,381 parameters) whose arithmetic takes next to no time.</summary>
    public static MeasuredJob SixtyFourLanes() => new(
        "sixty-four-lanes",
        new Recipe(
            new DataRecipe.BinaryAddition(Bits: 2, ValidationBits: 2, ValidationSamples: 16),
            new ModelRecipe([new LayerSpec.Elman(126, Xavier)], LossKind.BinaryCrossEntropy, Xavier),
            Training(steps: 700, batchSize: 64),
            Lanes: 64,
            Seed: 1),
        [],
        WarmUpSteps: 400);

    /// <summary>Opens the data as every party of a run does.</summary>
    public TrainingRun Open() => new(Recipe, TrainingRun.OpenData(Recipe, _ => new MemoryStream(Text)));

    /// <summary>Two layers of 2,032 LSTM units over few, short rows: 50 million parameters, 200 MB of weights.</summary>
    public static MeasuredJob FiftyMillion(long steps)
    {
        var text = GeneratedText(100_000);
        return new MeasuredJob(
            "fifty-million",
            new Recipe(
                new DataRecipe.Text(ContentHash.Sha256Of(text), SequenceLength: 4, ValidationFraction: 0.1),
                new ModelRecipe([.. Enumerable.Repeat(new LayerSpec.Lstm(2032, ForgetBias: 1, new Initializer.Uniform(-0.02, 0.02)), 2)], LossKind.SoftmaxCrossEntropy, Xavier),
                Training(steps, batchSize: 8),
                Lanes: 8,
                Seed: 1),
            text,
            WarmUpSteps: 1);
    }

    /// <summary>No validation stands between the first step and the last.</summary>
    public JobSpec With(int workers) => new(
        Recipe,
        new Placement($"{Name}-{workers}", workers, Shards, CheckpointInterval, ImmutableSortedDictionary<string, string>.Empty) { MinimumWorkers = workers });

    private static MeasuredJob Case(string name, int layers, int units, int batchSize, long steps)
    {
        var text = GeneratedText(1_000_000);
        return new MeasuredJob(
            name,
            new Recipe(
                new DataRecipe.Text(ContentHash.Sha256Of(text), SequenceLength: 64, ValidationFraction: 0.1),
                new ModelRecipe(
                    [
                        new LayerSpec.Embedding(Alphabet.Length, new Initializer.TruncatedNormal(1)),
                        .. Enumerable.Repeat(new LayerSpec.Lstm(units, ForgetBias: 1, new Initializer.Uniform(-0.04, 0.04)), layers),
                    ],
                    LossKind.SoftmaxCrossEntropy,
                    Xavier),
                Training(steps, batchSize),
                Lanes: 8,
                Seed: 1),
            text,
            WarmUpSteps: 6);
    }

    private static TrainingRecipe Training(long steps, int batchSize) => new(
        steps,
        batchSize,
        new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
        new LearningRateRecipe(4e-3, Schedule.Cosine, 0, 0),
        ClipNorm: 1,
        new ValidationRecipe(Interval: 0, Batches: 1));

    private static byte[] GeneratedText(int length)
    {
        var random = new Random(Seed);
        var text = new StringBuilder(length).Append(Alphabet);
        while (text.Length < length)
        {
            // The square makes the first characters the frequent ones.
            var share = random.NextDouble();
            text.Append(Alphabet[(int)(share * share * Alphabet.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
