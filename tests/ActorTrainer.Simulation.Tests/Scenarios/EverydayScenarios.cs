using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Recipes that together have every kind of layer, loss, head, initialiser, optimizer, clipping, schedule and
/// data, and every way a batch can meet its lanes. The names say what is special about each.
/// </summary>
internal static class EverydayScenarios
{
    private static readonly Initializer Weights = new Initializer.Uniform(-0.3, 0.3);
    private static readonly Initializer Orthogonal = new Initializer.Orthogonal(1);

    /// <summary>What is trained under the most hostile schedules: random numbers, an order of its own in every epoch, short batches, optimizer state.</summary>
    public static Scenario Lines { get; } = new(
        "lines: shuffled epochs with a short last batch, GRU after, dropout, momentum",
        Recipe(
            new DataRecipe.Lines(Sha(EverydayFiles.Names), 0.2, 20),
            LossKind.SoftmaxCrossEntropy,
            [new LayerSpec.Embedding(8, Weights), new LayerSpec.Dropout(0.8), new LayerSpec.Gru(20, GruReset.After, Weights) { RecurrentInitializer = Orthogonal }, new LayerSpec.Dropout(0.6)],
            Epochs(3, 8, new OptimizerRecipe.Momentum(0.9)),
            lanes: 8),
        EverydayFiles.Names);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Lines,
        new(
            "copy memory: GRU before, orthogonal, RMSProp, step schedule",
            Recipe(
                new DataRecipe.CopyMemory(2, 4, 2, 10),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Gru(20, GruReset.Before, Weights) { RecurrentInitializer = Orthogonal }],
                Steps(8, 8, new OptimizerRecipe.RmsProp(0.9, 1e-8)) with
                {
                    LearningRate = new LearningRateRecipe(0.01, Training.Recipes.Schedule.Step, 2, 0) { StepEvery = 3, StepFactor = 0.5 },
                },
                lanes: 4)),
        new(
            "adding problem: last step, squares, AdamW, clip by value, L that does not divide B",
            Recipe(
                new DataRecipe.AddingProblem(9, 12),
                LossKind.MeanSquaredError,
                [new LayerSpec.Lstm(16, 1, Weights) { RecurrentInitializer = Orthogonal }],
                Steps(8, 11, new OptimizerRecipe.AdamW(0.9, 0.99, 1e-8, 0.1)) with { ClipValue = 0.01 },
                lanes: 4)),
        new(
            "sine mixture: every step, squares, Elman relu from the identity, Nesterov",
            Recipe(
                new DataRecipe.SineMixture(12, 3, 0.1, 10),
                LossKind.MeanSquaredError,
                [new LayerSpec.Elman(36, Weights) { Activation = Activation.Relu, RecurrentInitializer = new Initializer.Identity(0.9) }],
                Steps(8, 8, new OptimizerRecipe.Nesterov(0.8)),
                lanes: 8)),
        new(
            "sequences of a CSV: class weights at the last step, dropout, Adagrad, B below L",
            Recipe(
                new DataRecipe.Sequences(Sha(EverydayFiles.Csv), SequencesFormat.Csv, "id", ["x", "y"], "kind", LabelKind.Class, 0.2, null, TableFormat.Default, true, 10),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Elman(32, Weights), new LayerSpec.Dropout(0.5)],
                Epochs(2, 5, new OptimizerRecipe.Adagrad(1e-10)),
                lanes: 8,
                model => model with { ClassWeights = [0.5, 1, 2.25] }),
            EverydayFiles.Csv),
        new(
            "JSON lines: masks and class weights at every step, GRU before, Adam, clip by norm",
            Recipe(
                new DataRecipe.Sequences(Sha(EverydayFiles.Tagged), SequencesFormat.JsonLines, "", ["x"], "y", LabelKind.Class, 0.2, null, TableFormat.Default, true, 10),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Gru(20, GruReset.Before, Weights)],
                Epochs(2, 6, new OptimizerRecipe.Adam(0.9, 0.999, 1e-8)) with { ClipNorm = 0.5 },
                lanes: 8,
                model => model with { Head = Head.EveryStep, ClassWeights = [3, 1, 0.25] }),
            EverydayFiles.Tagged),
        new(
            "JSON lines: steps of training and batches of validation without any target, AdamW",
            Recipe(
                new DataRecipe.Sequences(Sha(EverydayFiles.Masked), SequencesFormat.JsonLines, "", ["x"], "y", LabelKind.Class, 0.4, null, TableFormat.Default, true, 10),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Gru(20, GruReset.After, Weights), new LayerSpec.Dropout(0.8)],
                Epochs(3, 2, new OptimizerRecipe.AdamW(0.9, 0.999, 1e-8, 0.1)) with { ClipNorm = 0.5 },
                lanes: 2,
                model => model with { Head = Head.EveryStep }),
            EverydayFiles.Masked),
        new(
            "JSON lines: several numbers at every step, masked, LSTM, momentum",
            Recipe(
                new DataRecipe.Sequences(Sha(EverydayFiles.Measured), SequencesFormat.JsonLines, "", ["x"], "y", LabelKind.Number, 0.2, null, TableFormat.Default, true, 10),
                LossKind.MeanSquaredError,
                [new LayerSpec.Lstm(16, 1, Weights)],
                Epochs(2, 5, new OptimizerRecipe.Momentum(0.5)),
                lanes: 2,
                model => model with { Head = Head.EveryStep }),
            EverydayFiles.Measured),
        new(
            "JSON lines: named events with a file for validation, embedding, GRU after, SGD",
            Recipe(
                new DataRecipe.Sequences(
                    Sha(EverydayFiles.Events), SequencesFormat.JsonLines, "", ["x"], "y", LabelKind.Class, 0, Sha(EverydayFiles.Events), TableFormat.Default, true, 10),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Embedding(6, Weights), new LayerSpec.Gru(18, GruReset.After, Weights)],
                Epochs(2, 7, new OptimizerRecipe.Sgd()),
                lanes: 4),
            EverydayFiles.Events),
        new(
            "images by rows: two layers below the last step, RMSProp",
            Recipe(Images(ImageLayout.Rows), LossKind.SoftmaxCrossEntropy, [new LayerSpec.Lstm(12, 1, Weights), new LayerSpec.Elman(10, Weights)], Epochs(2, 16, new OptimizerRecipe.RmsProp(0.99, 1e-8)), lanes: 8),
            EverydayFiles.Images,
            EverydayFiles.Labels,
            EverydayFiles.ValidationImages,
            EverydayFiles.ValidationLabels),
        new(
            "flat images: dense, dropout, biases, truncated normal, AdamW",
            Recipe(
                Images(ImageLayout.Flat),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Dense(40, Activation.Tanh, new Initializer.TruncatedNormal(0.1), 0.1), new LayerSpec.Dropout(0.7)],
                Epochs(2, 10, new OptimizerRecipe.AdamW(0.9, 0.999, 1e-8, 0.01)),
                lanes: 4,
                model => model with { OutputInitializer = new Initializer.TruncatedNormal(0.1), OutputBias = 0.1 }),
            EverydayFiles.Images,
            EverydayFiles.Labels,
            EverydayFiles.ValidationImages,
            EverydayFiles.ValidationLabels),
        new(
            "forecast: two targets, two steps ahead, a further column with gaps, logarithms of seasons, GRU after",
            Recipe(
                new DataRecipe.Forecast(
                    Sha(EverydayFiles.Table), ["sold", "price"], ["heat"], 6, 2, 12, 0.25, TableFormat.Default with { Missing = MissingValues.Mean }, true, 1, true, "month"),
                LossKind.MeanSquaredError,
                [new LayerSpec.Gru(18, GruReset.After, Weights), new LayerSpec.Dropout(0.9)],
                Epochs(2, 9, new OptimizerRecipe.Nesterov(0.9)) with { ClipNorm = 1 },
                lanes: 8),
            EverydayFiles.Table),
        new(
            "text: carried state below dropout, Nesterov",
            Recipe(
                new DataRecipe.Text(Sha(EverydayFiles.Table), 8, 0.2),
                LossKind.SoftmaxCrossEntropy,
                [new LayerSpec.Embedding(6, Weights), new LayerSpec.Gru(18, GruReset.After, Weights), new LayerSpec.Dropout(0.75)],
                Steps(10, 6, new OptimizerRecipe.Nesterov(0.9)),
                lanes: 8),
            EverydayFiles.Table),
    ];

    private static DataRecipe.Images Images(ImageLayout layout) => new(
        Sha(EverydayFiles.Images), Sha(EverydayFiles.Labels), Sha(EverydayFiles.ValidationImages), Sha(EverydayFiles.ValidationLabels), layout);

    private static Recipe Recipe(
        DataRecipe data, LossKind loss, LayerSpec[] layers, TrainingRecipe training, int lanes, Func<ModelRecipe, ModelRecipe>? change = null)
    {
        var model = new ModelRecipe([.. layers], loss, new Initializer.Xavier());
        return new Recipe(data, change?.Invoke(model) ?? model, training, lanes, 20260101);
    }

    private static TrainingRecipe Steps(long steps, int batch, OptimizerRecipe optimizer) =>
        new(steps, batch, optimizer, new LearningRateRecipe(0.01, Training.Recipes.Schedule.Constant, 0, 0), null, new ValidationRecipe(5, 2));

    private static TrainingRecipe Epochs(int epochs, int batch, OptimizerRecipe optimizer) =>
        Steps(0, batch, optimizer) with { Epochs = epochs };

    private static string Sha(byte[] file) => ContentHash.Sha256Of(file);
}
