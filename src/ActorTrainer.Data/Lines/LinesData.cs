using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Lines;

/// <summary>
/// A text whose every line is a sequence of its own, begun and ended by '\n': of the line "ada" the inputs
/// are "\nada" and the targets "ada\n", so that a model learns how lines begin, go on and end.
/// </summary>
/// <remarks>
/// Characters are code points. A line ends at '\n', "\r\n" or the text's end; lines without any character
/// are skipped, spaces count as characters. Which lines only validate is a function of the seed
/// (<see cref="Numerics.Randomness.RandomPurpose.Split"/>).
/// </remarks>
public sealed class LinesData : ShuffledData
{
    /// <summary>Most characters that maximum_length may allow.</summary>
    public const int LengthLimit = 65_535;

    private readonly LinesOfSymbols _lines;
    private readonly int _lineBreak;

    /// <param name="utf8">The text; read to its end and left open.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="validationFraction">Share of the lines for validation, in [0, 1); 0: no validation.</param>
    /// <param name="maximumLength">Most characters of a line, from 1 to <see cref="LengthLimit"/>; a longer one is refused.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="limits">Bounds of what is read; null: the usual ones.</param>
    /// <exception cref="InvalidTextException">The bytes are not UTF-8.</exception>
    /// <exception cref="InvalidDataSetException">A line is too long, or there are too few or too many.</exception>
    public LinesData(Stream utf8, int batchSize, double validationFraction, int maximumLength, uint seed, DataLimits? limits = null)
        : this(Read(utf8, batchSize, maximumLength, limits), batchSize, validationFraction, seed)
    {
    }

    private LinesData(LinesOfSymbols lines, int batchSize, double validationFraction, uint seed)
        : this(lines, ValidationSplit.Of(seed, lines.Count, validationFraction, "lines"), batchSize, seed)
    {
    }

    private LinesData(LinesOfSymbols lines, ValidationSplit split, int batchSize, uint seed)
        : base(split.Training, split.Validation, batchSize, seed)
    {
        (_lines, _lineBreak) = (lines, lines.Vocabulary.SymbolOf('\n'));
        for (var line = 0; line < lines.Count; line++)
        {
            MaximumTime = Math.Max(MaximumTime, TimeOf(line));
        }
    }

    /// <summary>The characters of all lines, validation included, and '\n'.</summary>
    public Vocabulary Vocabulary => _lines.Vocabulary;

    public override InputKind Input => InputKind.Symbols;

    public override int InputSize => Vocabulary.Count;

    public override int Outputs => Vocabulary.Count;

    public override LossKind NaturalLoss => LossKind.SoftmaxCrossEntropy;

    public override Head Head => Head.EveryStep;

    public override DataSchema Schema => DataSchema.OfText(Vocabulary);

    public override int MaximumTime { get; }

    private protected override int TimeOf(int sample) => _lines.LengthOf(sample) + 1;

    private protected override void Write(SequenceBatch batch, int row, int sample)
    {
        var (rows, time, length) = (batch.Rows, batch.Time, _lines.LengthOf(sample));
        var inputs = batch.Symbols;
        var targets = batch.Classes;
        var weights = batch.TargetWeights;
        batch.Lengths[row] = length + 1;
        var symbol = _lineBreak;
        for (var t = 0; t <= length; t++)
        {
            var at = (t * rows) + row;
            inputs[at] = symbol;
            symbol = t < length ? _lines.Symbol(sample, t) : _lineBreak;
            (targets[at], weights[at]) = (symbol, 1f);
        }

        for (var t = length + 1; t < time; t++)
        {
            var at = (t * rows) + row;
            (inputs[at], targets[at], weights[at]) = (0, 0, 0f);
        }
    }

    private static LinesOfSymbols Read(Stream utf8, int batchSize, int maximumLength, DataLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumLength, LengthLimit);
        return LinesReader.Read(utf8, maximumLength, limits ?? DataLimits.Default);
    }
}
