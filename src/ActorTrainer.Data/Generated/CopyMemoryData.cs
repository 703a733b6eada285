using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Generated;

/// <summary>
/// Copy memory: a few symbols are shown, a long nothing follows, and after a delimiter they must be
/// written down again in their order. The input is 0 … symbols − 1, the blank (symbols) or the delimiter
/// (symbols + 1); the output chooses among the symbols alone.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, in the form of Arjovsky, Shah and Bengio,
/// "Unitary Evolution Recurrent Neural Networks", ICML 2016. Time steps: length symbols, delay blanks,
/// the delimiter, length blanks. Only the last length steps have targets (weight 1; the others 0), so that
/// accuracy is that of recall and not of blanks; knowing nothing costs ln(symbols) nats a target.
/// </remarks>
public sealed class CopyMemoryData : GeneratedData
{
    /// <summary>Most symbols to choose from.</summary>
    public const int SymbolsLimit = 1_024;

    private readonly int _delay;
    private readonly int _symbols;
    private readonly int _length;

    /// <param name="delay">Blanks between the symbols and the delimiter, from 0.</param>
    /// <param name="symbols">Symbols to choose from, from 2 to <see cref="SymbolsLimit"/>.</param>
    /// <param name="length">Symbols to recall, at least 1; 2 · length + delay + 1 must not pass <see cref="GeneratedData.LengthLimit"/>.</param>
    /// <param name="validationSamples">Sequences to validate on; 0: no validation.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public CopyMemoryData(int delay, int symbols, int length, int validationSamples, int batchSize, uint seed)
        : base(RandomPurpose.CopyMemory, TimeOf(delay, length), TimeOf(delay, length), validationSamples, batchSize, seed)
    {
        RequireWithin(symbols, 2, SymbolsLimit, nameof(symbols));
        (_delay, _symbols, _length) = (delay, symbols, length);
    }

    public override InputKind Input => InputKind.Symbols;

    public override int InputSize => _symbols + 2;

    public override int Outputs => _symbols;

    public override LossKind NaturalLoss => LossKind.SoftmaxCrossEntropy;

    private protected override void WriteTraining(SequenceBatch batch, int row, long sample) =>
        Write(TrainingRandom, batch, row, sample);

    private protected override void WriteValidation(SequenceBatch batch, int row, long sample) =>
        Write(ValidationRandom, batch, row, sample);

    private static int TimeOf(int delay, int length)
    {
        RequireWithin(delay, 0, LengthLimit - 3, nameof(delay));
        RequireWithin(length, 1, (LengthLimit - 1 - delay) / 2, nameof(length));
        return (2 * length) + delay + 1;
    }

    private void Write(RandomStream random, SequenceBatch batch, int row, long sample)
    {
        var (blank, delimiter, recall) = (_symbols, _symbols + 1, _length + _delay + 1);
        var inputs = batch.Symbols;
        var targets = batch.Classes;
        var weights = batch.TargetWeights;
        for (var t = 0; t < batch.Time; t++)
        {
            var place = (t * batch.Rows) + row;
            inputs[place] = t == recall - 1 ? delimiter : blank;
            targets[place] = 0;
            weights[place] = t < recall ? 0f : 1f;
        }

        for (var i = 0; i < _length; i++)
        {
            var symbol = Scaled(Word(random, sample, position: 0, i), _symbols);
            inputs[(i * batch.Rows) + row] = symbol;
            targets[((recall + i) * batch.Rows) + row] = symbol;
        }
    }
}
