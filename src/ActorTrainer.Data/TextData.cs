using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data;

/// <summary>
/// A text for a language model over characters: the training part is read as batch_size contiguous
/// streams whose carried state goes from window to window and is reset at the wrap (B10).
/// </summary>
/// <remarks>
/// Of N characters the last ⌊N · validationFraction⌋ are validation. The training part's n characters
/// are B streams of S = ⌊n / B⌋; a step reads a window of T inputs from every stream, the target of each
/// being the next character, and a pass has ⌊(S − 1) / T⌋ windows. Validation is laid out in the same
/// way with as many streams, or, where it is too short for that, with ⌊m / (T + 1)⌋: each stream has at
/// least one window.
/// </remarks>
public sealed class TextData : TrainingData
{
    private readonly SymbolSequence _symbols;
    private readonly StreamLayout _training;
    private readonly StreamLayout _validation;

    /// <param name="utf8">The text; read to its end and left open.</param>
    /// <param name="batchSize">Rows of a batch, B; at least 1.</param>
    /// <param name="sequenceLength">Time steps of a window, T; at least 1.</param>
    /// <param name="validationFraction">Share at the text's end for validation, in [0, 1); 0: no validation.</param>
    /// <exception cref="InvalidTextException">The text is not UTF-8, or too short for these sizes.</exception>
    public TextData(Stream utf8, int batchSize, int sequenceLength, double validationFraction)
        : this(Utf8TextReader.Read(utf8), batchSize, sequenceLength, validationFraction)
    {
    }

    /// <inheritdoc cref="TextData(Stream, int, int, double)"/>
    public TextData(ReadOnlySpan<byte> utf8, int batchSize, int sequenceLength, double validationFraction)
        : this(Utf8TextReader.Read(utf8), batchSize, sequenceLength, validationFraction)
    {
    }

    private TextData((SymbolSequence Symbols, Vocabulary Vocabulary) text, int batchSize, int sequenceLength, double validationFraction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        if (!(validationFraction is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, $"validationFraction is {validationFraction}; it must be from 0 to below 1.");
        }

        (_symbols, Vocabulary) = text;
        ValidationCharacters = (long)(_symbols.Count * validationFraction);
        TrainingCharacters = _symbols.Count - ValidationCharacters;
        _training = new StreamLayout(0, batchSize, TrainingCharacters / batchSize, sequenceLength);
        _validation = ValidationLayout(batchSize, sequenceLength);
        RequireWindows(validationFraction);
    }

    /// <summary>The characters of the whole text, validation included.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Characters (code points) that are trained on.</summary>
    public long TrainingCharacters { get; }

    /// <summary>Characters (code points) that are only validated on.</summary>
    public long ValidationCharacters { get; }

    /// <summary>Steps after which the text is read from its start again.</summary>
    public long WindowsPerPass => _training.Windows;

    public override InputKind Input => InputKind.Symbols;

    public override int InputSize => Vocabulary.Count;

    public override int Outputs => Vocabulary.Count;

    public override LossKind NaturalLoss => LossKind.SoftmaxCrossEntropy;

    public override DataSchema Schema => DataSchema.OfText(Vocabulary);

    public override bool CarriesState => true;

    public override int MaximumTime => _training.SequenceLength;

    public override int BatchSize => _training.Streams;

    public override long ValidationBatches => _validation.Windows;

    public override int TrainingRows(long step) => _training.Streams;

    public override int ValidationRows(long validationBatch) => _validation.Streams;

    public override bool TrainingStartsFromZeros(long step) => step % _training.Windows == 0;

    public override bool ValidationStartsFromZeros(long validationBatch) => validationBatch == 0;

    public override void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows)
    {
        RequireStep(step);
        Fill(batch, _training, step % _training.Windows, rows);
    }

    public override void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows)
    {
        RequireValidationBatch(validationBatch);
        Fill(batch, _validation, validationBatch, rows);
    }

    private void Fill(SequenceBatch batch, StreamLayout layout, long window, ReadOnlySpan<int> rows)
    {
        Shape(batch, layout.SequenceLength, rows, layout.Streams);
        var inputs = batch.Symbols;
        var targets = batch.Classes;
        for (var i = 0; i < rows.Length; i++)
        {
            var first = layout.FirstCharacter(rows[i], window);
            var symbol = _symbols[first];
            for (var t = 0; t < layout.SequenceLength; t++)
            {
                inputs[(t * rows.Length) + i] = symbol;
                symbol = _symbols[first + t + 1];
                targets[(t * rows.Length) + i] = symbol;
            }
        }

        batch.TargetWeights.Fill(1f);
    }

    private StreamLayout ValidationLayout(int batchSize, int sequenceLength)
    {
        var streams = (int)Math.Min(batchSize, ValidationCharacters / (sequenceLength + 1L));
        return new StreamLayout(TrainingCharacters, streams, streams == 0 ? 0 : ValidationCharacters / streams, sequenceLength);
    }

    private void RequireWindows(double validationFraction)
    {
        var (batchSize, sequenceLength) = (_training.Streams, _training.SequenceLength);
        if (_training.Windows == 0)
        {
            var kept = ValidationCharacters == 0 ? "" : $" ({ValidationCharacters} more are kept for validation)";
            throw new InvalidTextException(
                $"The text has {TrainingCharacters} characters to train on{kept}; batch_size {batchSize} and sequence_length {sequenceLength} "
                + $"need at least {batchSize * (sequenceLength + 1L)}, which is batch_size × (sequence_length + 1).");
        }

        if (validationFraction > 0 && _validation.Windows == 0)
        {
            throw new InvalidTextException(
                $"validation_fraction {validationFraction} leaves {ValidationCharacters} of {_symbols.Count} characters for validation; "
                + $"sequence_length {sequenceLength} needs at least {sequenceLength + 1L}. Raise it, or set it to 0 for no validation.");
        }
    }
}
