using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>How the choices of a recipe are called in a job file and in the canonical form.</summary>
public static class RecipeNames
{
    public static NameTable<Activation> Activations { get; } = new(
        (Activation.Linear, "linear"),
        (Activation.Sigmoid, "sigmoid"),
        (Activation.Tanh, "tanh"),
        (Activation.Relu, "relu"));

    public static NameTable<LossKind> Losses { get; } = new(
        (LossKind.SoftmaxCrossEntropy, "softmax_cross_entropy"),
        (LossKind.BinaryCrossEntropy, "binary_cross_entropy"),
        (LossKind.MeanSquaredError, "mean_squared_error"));

    public static NameTable<Head> Heads { get; } = new(
        (Head.EveryStep, "every_step"),
        (Head.LastStep, "last_step"));

    public static NameTable<GruReset> Resets { get; } = new(
        (GruReset.Before, "before"),
        (GruReset.After, "after"));

    public static NameTable<Schedule> Schedules { get; } = new(
        (Schedule.Constant, "constant"),
        (Schedule.Cosine, "cosine"),
        (Schedule.Step, "step"));

    public static NameTable<SequencesFormat> SequencesFormats { get; } = new(
        (SequencesFormat.Csv, "csv"),
        (SequencesFormat.JsonLines, "json_lines"));

    public static NameTable<LabelKind> LabelKinds { get; } = new(
        (LabelKind.Class, "class"),
        (LabelKind.Number, "number"));

    public static NameTable<TextEncoding> Encodings { get; } = new(
        (TextEncoding.Utf8, "utf_8"),
        (TextEncoding.Gbk, "gbk"));

    public static NameTable<MissingValues> MissingValues { get; } = new(
        (Data.MissingValues.Error, "error"),
        (Data.MissingValues.Previous, "previous"),
        (Data.MissingValues.Mean, "mean"));

    public static NameTable<ImageLayout> ImageLayouts { get; } = new(
        (ImageLayout.Rows, "rows"),
        (ImageLayout.Flat, "flat"));
}
