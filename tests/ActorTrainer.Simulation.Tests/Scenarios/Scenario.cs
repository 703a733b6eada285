using System.Collections.Concurrent;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A run to be simulated, and what it must come to.</summary>
internal sealed class Scenario
{
    private readonly Lazy<ReferenceRun> _reference;
    private readonly ConcurrentDictionary<VectorWidth, ConcurrentBag<LaneComputer>> _computers = new();

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

    /// <summary>Shuffled epochs with a short last batch, random numbers for every row, and an optimizer that remembers.</summary>
    public static Scenario TinyLines { get; } = new(
        "tiny lines",
        new Recipe(
            new DataRecipe.Lines(ContentHash.Sha256Of(EverydayFiles.Names), 0.3, 20),
            new ModelRecipe(
                [
                    new LayerSpec.Embedding(6, new Initializer.Uniform(-0.3, 0.3)), new LayerSpec.Dropout(0.7),
                    new LayerSpec.Elman(24, new Initializer.Uniform(-0.3, 0.3)), new LayerSpec.Dropout(0.8),
                ],
                LossKind.SoftmaxCrossEntropy,
                new Initializer.Xavier()),
            new TrainingRecipe(
                0,
                7,
                new OptimizerRecipe.Momentum(0.9),
                new LearningRateRecipe(0.05, Training.Recipes.Schedule.Constant, 0, 0),
                null,
                new ValidationRecipe(5, 1))
            {
                Epochs = 3,
            },
            4,
            20261124),
        EverydayFiles.Names);

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

    /// <summary>What schedules have computed of it.</summary>
    public SimCompute.Memory Computed { get; } = new();

    /// <summary>Something to compute with, to be given back.</summary>
    public LaneComputer RentComputer(VectorWidth width) =>
        Computers(width).TryTake(out var computer) ? computer : new LaneComputer(Run, SimStore.Of(new NodeId("computer")), width);

    public void Return(LaneComputer computer, VectorWidth width) => Computers(width).Add(computer);

    public override string ToString() => Name;

    private ConcurrentBag<LaneComputer> Computers(VectorWidth width) => _computers.GetOrAdd(width, _ => []);

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
                    new LearningRateRecipe(0.02, Training.Recipes.Schedule.Cosine, 3, 0.001),
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
                    new LearningRateRecipe(0.1, Training.Recipes.Schedule.Constant, 0, 0),
                    null,
                    new ValidationRecipe(interval, 0)),
                lanes,
                11));
    }
}
