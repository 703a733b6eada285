using System.Collections.Immutable;
using ActorTrainer.Data;

namespace ActorTrainer.Training.Recipes;

/// <summary>What is learned from.</summary>
public abstract record DataRecipe
{
    private DataRecipe()
    {
    }

    /// <summary>The files it names, in the order of recipe.proto; empty for generated data.</summary>
    public virtual ImmutableArray<DataFile> Files => [];

    /// <summary>UTF-8 text as contiguous streams of code points.</summary>
    /// <param name="Sha256">Of the bytes, 64 lower-case hexadecimal digits.</param>
    /// <param name="SequenceLength">Time steps of a training step.</param>
    /// <param name="ValidationFraction">Share at the end of the text that is only validated on.</param>
    public sealed record Text(string Sha256, int SequenceLength, double ValidationFraction) : DataRecipe
    {
        public override ImmutableArray<DataFile> Files => [new("recipe.data.text", Sha256)];
    }

    /// <summary>Generated sums, least significant bit first.</summary>
    public sealed record BinaryAddition(int Bits, int ValidationBits, int ValidationSamples) : DataRecipe;

    /// <summary>UTF-8 text whose lines are sequences of their own.</summary>
    /// <param name="ValidationFraction">Share of the lines that is only validated on, drawn by the seed.</param>
    /// <param name="MaximumLength">Most code points of a line.</param>
    public sealed record Lines(string Sha256, double ValidationFraction, int MaximumLength) : DataRecipe
    {
        public override ImmutableArray<DataFile> Files => [new("recipe.data.lines", Sha256)];
    }

    /// <summary>A CSV whose rows follow one another in time.</summary>
    /// <param name="Targets">Columns that are forecast; their past enters too.</param>
    /// <param name="Inputs">Further columns whose past enters.</param>
    /// <param name="Window">Rows that are seen.</param>
    /// <param name="Horizon">Rows ahead that are forecast, all at once.</param>
    /// <param name="Season">Rows of a season, for the seasonal baseline; 0: there is none.</param>
    /// <param name="ValidationFraction">Share of the rows, at their end, that is only validated on.</param>
    /// <param name="Log">Targets are learned as their logarithms.</param>
    /// <param name="Difference">Targets are learned as differences to so many rows before; 0: as they are.</param>
    /// <param name="Standardize">Columns are brought to mean 0 and deviation 1, measured on the training part.</param>
    /// <param name="Time">Column that names the rows; "": none.</param>
    public sealed record Forecast(
        string Sha256,
        ImmutableArray<string> Targets,
        ImmutableArray<string> Inputs,
        int Window,
        int Horizon,
        int Season,
        double ValidationFraction,
        TableFormat Table,
        bool Log,
        int Difference,
        bool Standardize,
        string Time) : DataRecipe
    {
        public override ImmutableArray<DataFile> Files => [new("recipe.data.forecast", Sha256)];
    }

    /// <summary>Labelled sequences: the rows of a CSV that share a group, or one JSON object a line.</summary>
    /// <param name="Group">Column whose equal values make one sequence; "" for JSON lines.</param>
    /// <param name="Inputs">Columns or fields that enter.</param>
    /// <param name="Label">Column or field of the label.</param>
    /// <param name="ValidationFraction">Share of the sequences that is only validated on; 0 with a file for validation.</param>
    /// <param name="ValidationSha256">A file of the same form that is validated on; null: there is none.</param>
    /// <param name="Table">Of a CSV; of JSON lines only what stands in for a missing number.</param>
    /// <param name="Standardize">Numbers are brought to mean 0 and deviation 1, measured on the training part.</param>
    /// <param name="MaximumLength">Most time steps of a sequence.</param>
    public sealed record Sequences(
        string Sha256,
        SequencesFormat Format,
        string Group,
        ImmutableArray<string> Inputs,
        string Label,
        LabelKind LabelKind,
        double ValidationFraction,
        string? ValidationSha256,
        TableFormat Table,
        bool Standardize,
        int MaximumLength) : DataRecipe
    {
        public override ImmutableArray<DataFile> Files => ValidationSha256 is { } validation
            ? [new("recipe.data.sequences", Sha256), new("recipe.data.sequences.validation", validation)]
            : [new("recipe.data.sequences", Sha256)];
    }

    /// <summary>Pictures and their classes in IDX, plain or gzip.</summary>
    /// <param name="ValidationImagesSha256">Null, as <paramref name="ValidationLabelsSha256"/>: nothing is validated on.</param>
    public sealed record Images(
        string ImagesSha256,
        string LabelsSha256,
        string? ValidationImagesSha256,
        string? ValidationLabelsSha256,
        ImageLayout Layout) : DataRecipe
    {
        public override ImmutableArray<DataFile> Files =>
        [
            new("recipe.data.images.images", ImagesSha256),
            new("recipe.data.images.labels", LabelsSha256),
            .. ValidationImagesSha256 is { } images ? [new DataFile("recipe.data.images.validation_images", images)] : ImmutableArray<DataFile>.Empty,
            .. ValidationLabelsSha256 is { } labels ? [new DataFile("recipe.data.images.validation_labels", labels)] : ImmutableArray<DataFile>.Empty,
        ];
    }

    /// <summary>The generated adding problem.</summary>
    /// <param name="Length">Time steps.</param>
    public sealed record AddingProblem(int Length, int ValidationSamples) : DataRecipe;

    /// <summary>Generated symbols that are repeated after a delay.</summary>
    /// <param name="Delay">Blank time steps between the last symbol and the signal to repeat.</param>
    /// <param name="Symbols">Different symbols, besides the blank and the signal.</param>
    /// <param name="Length">Symbols to be remembered.</param>
    public sealed record CopyMemory(int Delay, int Symbols, int Length, int ValidationSamples) : DataRecipe;

    /// <summary>Generated sums of sine waves whose next value is learned.</summary>
    /// <param name="Length">Time steps.</param>
    /// <param name="Components">Waves of a sum.</param>
    /// <param name="Noise">Half of the range of the noise on each value.</param>
    public sealed record SineMixture(int Length, int Components, double Noise, int ValidationSamples) : DataRecipe;
}

/// <summary>A file that a recipe names.</summary>
/// <param name="Field">Path of the message that names it, e.g. <c>recipe.data.images.labels</c>.</param>
/// <param name="Sha256">Of its bytes, 64 lower-case hexadecimal digits.</param>
public readonly record struct DataFile(string Field, string Sha256);
