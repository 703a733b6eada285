using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

/// <summary>A right job over each of the everyday kinds of data, which together have every layer, initializer and optimizer.</summary>
internal static class EverydayJobs
{
    public static readonly string A = new('a', 64);
    public static readonly string B = new('b', 64);

    private static readonly Initializer Xavier = new Initializer.Xavier();
    private static readonly LearningRateRecipe Rate = new(0.001, Schedule.Constant, 0, 0);

    public static readonly JobSpec Lines = Of(
        new DataRecipe.Lines(A, 0.1, 256),
        LossKind.SoftmaxCrossEntropy,
        new OptimizerRecipe.AdamW(0.9, 0.999, 1e-8, 0.01),
        [
            new LayerSpec.Embedding(16, new Initializer.TruncatedNormal(1)),
            new LayerSpec.Gru(64, GruReset.After, Xavier) { RecurrentInitializer = new Initializer.Orthogonal(1) },
            new LayerSpec.Dropout(0.5),
        ]).WithTraining(training => training with { Steps = 0, Epochs = 3 });

    public static readonly JobSpec Forecast = Of(
        new DataRecipe.Forecast(A, ["Sunspots"], ["Flux"], 132, 12, 132, 0.2, TableFormat.Default, false, 0, true, "Month"),
        LossKind.MeanSquaredError,
        new OptimizerRecipe.RmsProp(0.99, 1e-8),
        [new LayerSpec.Lstm(32, 1, Xavier) { RecurrentInitializer = new Initializer.Orthogonal(1.5) }])
        .WithTraining(training => training with
        {
            ClipValue = 0.5,
            LearningRate = new LearningRateRecipe(0.01, Schedule.Step, 5, 0) { StepEvery = 100, StepFactor = 0.1 },
        });

    public static readonly JobSpec Sequences = Of(
        new DataRecipe.Sequences(
            A, SequencesFormat.Csv, "id", ["x", "y"], "class", LabelKind.Class, 0, B, new TableFormat(TextEncoding.Gbk, ";", MissingValues.Previous), true, 4096),
        LossKind.SoftmaxCrossEntropy,
        new OptimizerRecipe.Momentum(0.9),
        [new LayerSpec.Dropout(0.9), new LayerSpec.Gru(8, GruReset.Before, Xavier)])
        .WithModel(model => model with { ClassWeights = [1, 2.5], OutputBias = 0.1 });

    public static readonly JobSpec JsonLines = Of(
        new DataRecipe.Sequences(
            A, SequencesFormat.JsonLines, "", ["values"], "score", LabelKind.Number, 0.2, null, new TableFormat(TextEncoding.Utf8, ",", MissingValues.Mean), true, 100),
        LossKind.MeanSquaredError,
        new OptimizerRecipe.Nesterov(0.9),
        [new LayerSpec.Embedding(4, Xavier), new LayerSpec.Elman(8, Xavier)])
        .WithModel(model => model with { Head = Head.EveryStep });

    public static readonly JobSpec Images = Of(
        new DataRecipe.Images(A, B, B, A, ImageLayout.Flat),
        LossKind.SoftmaxCrossEntropy,
        new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
        [new LayerSpec.Dense(500, Activation.Tanh, new Initializer.TruncatedNormal(0.1), 0.1), new LayerSpec.Dropout(0.7)])
        .WithTraining(training => training with { Steps = 0, Epochs = 10, BatchSize = 100 });

    public static readonly JobSpec Adding = Of(
        new DataRecipe.AddingProblem(100, 1000),
        LossKind.MeanSquaredError,
        new OptimizerRecipe.Adagrad(1e-10),
        [new LayerSpec.Elman(100, new Initializer.TruncatedNormal(0.001)) { Activation = Activation.Relu, RecurrentInitializer = new Initializer.Identity(1) }]);

    public static readonly JobSpec Copy = Of(
        new DataRecipe.CopyMemory(20, 8, 10, 1000),
        LossKind.SoftmaxCrossEntropy,
        new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
        [new LayerSpec.Gru(64, GruReset.After, Xavier)]);

    public static readonly JobSpec Sine = Of(
        new DataRecipe.SineMixture(64, 3, 0.25, 256),
        LossKind.MeanSquaredError,
        new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
        [new LayerSpec.Lstm(16, 1, Xavier)]);

    public static IEnumerable<JobSpec> All => [Lines, Forecast, Sequences, JsonLines, Images, Adding, Copy, Sine];

    public static JobSpec WithModel(this JobSpec spec, Func<ModelRecipe, ModelRecipe> change) =>
        spec.With(recipe => recipe with { Model = change(recipe.Model) });

    public static JobSpec WithData<T>(this JobSpec spec, Func<T, T> change)
        where T : DataRecipe => spec.With(recipe => recipe with { Data = change((T)recipe.Data) });

    private static JobSpec Of(DataRecipe data, LossKind loss, OptimizerRecipe optimizer, ImmutableArray<LayerSpec> layers) => new(
        new Recipe(data, new ModelRecipe(layers, loss, Xavier), new TrainingRecipe(500, 32, optimizer, Rate, null, new ValidationRecipe(250, 0)), 8, 1),
        SampleJobs.Placement);
}
