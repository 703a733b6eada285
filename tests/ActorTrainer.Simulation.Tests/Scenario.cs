using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A run to be simulated, and what it must come to.</summary>
internal sealed class Scenario
{
    private readonly Lazy<ReferenceRun> _reference;

    /// <param name="files">That the recipe names by their hashes.</param>
    public Scenario(string name, Recipe recipe, params byte[][] files)
    {
        Name = name;
        Run = new TrainingRun(recipe, TrainingRun.OpenData(
            recipe, sha256 => new MemoryStream(files.Single(file => ContentHash.Sha256Of(file) == sha256))));
        _reference = new Lazy<ReferenceRun>(() => ReferenceRun.Of(Run));
    }

    /// <summary>A language model with carried state, short enough to wrap, its lanes fuller than its rows.</summary>
    public static Scenario TinyText { get; } = Text("tiny text", "lovely simulated words; ", characters: 360, batch: 6, time: 6, lanes: 8, units: 12, steps: 14, interval: 5, batches: 3);

    /// <summary>Sums without carried state: short last batches in training's validation, an uneven number of rows.</summary>
    public static Scenario TinyAddition { get; } = Addition("tiny addition", units: 30, batch: 10, lanes: 4, bits: 4, steps: 12, interval: 4);

    public static Scenario LanguageModel { get; } = Text("language model", "In the beginning the words were many, and order came from trees. ", characters: 4000, batch: 16, time: 8, lanes: 8, units: 28, steps: 12, interval: 5, batches: 2);

    public static Scenario BinaryAddition { get; } = Addition("binary addition", units: 64, batch: 24, lanes: 8, bits: 6, steps: 12, interval: 5);

    /// <summary>So many linear layers of weights so large that the first gradient leaves the numbers.</summary>
    public static Scenario Diverging { get; } = Addition(
        "diverging addition", units: 30, batch: 10, lanes: 4, bits: 4, steps: 12, interval: 4,
        [.. Enumerable.Repeat(new LayerSpec.Dense(30, Activation.Linear, new Initializer.Uniform(-1000, 1000), 0), 12)]);

    public string Name { get; }

    public TrainingRun Run { get; }

    /// <summary>The same run as a plain loop, without any machine.</summary>
    public ReferenceRun Reference => _reference.Value;

    public override string ToString() => Name;

    private static Scenario Text(string name, string sample, int characters, int batch, int time, int lanes, int units, long steps, long interval, long batches)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sample, (characters / sample.Length) + 1))[..characters]);
        var uniform = new Initializer.Uniform(-0.3, 0.3);
        return new Scenario(
            name,
            new Recipe(
                new DataRecipe.Text(ContentHash.Sha256Of(text), time, 0.3),
                new ModelRecipe(
                    [new LayerSpec.Embedding(6, uniform), new LayerSpec.Lstm(units, 1, uniform)],
                    LossKind.SoftmaxCrossEntropy,
                    new Initializer.Xavier()),
                new TrainingRecipe(
                    steps,
                    batch,
                    new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
                    new LearningRateRecipe(0.02, Schedule.Cosine, 3, 0.001),
                    0.5,
                    new ValidationRecipe(interval, batches)),
                lanes,
                7),
            text);
    }

    private static Scenario Addition(string name, int units, int batch, int lanes, int bits, long steps, long interval, params LayerSpec[] more)
    {
        var uniform = new Initializer.Uniform(-0.2, 0.2);
        return new Scenario(
            name,
            new Recipe(
                new DataRecipe.BinaryAddition(bits, bits + 2, batch + (batch / 3)),
                new ModelRecipe([new LayerSpec.Elman(units, uniform), .. more], LossKind.BinaryCrossEntropy, new Initializer.Xavier()),
                new TrainingRecipe(
                    steps,
                    batch,
                    new OptimizerRecipe.Sgd(),
                    new LearningRateRecipe(0.1, Schedule.Constant, 0, 0),
                    null,
                    new ValidationRecipe(interval, 0)),
                lanes,
                11));
    }
}
