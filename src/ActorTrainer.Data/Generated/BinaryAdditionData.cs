using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Generated;

/// <summary>
/// Generated sums of two binary numbers, least significant bit first: at each time step two features,
/// the addends' bits, and one target, the sum's bit. Nothing is carried between batches.
/// </summary>
/// <remarks>
/// A sample is a function of the seed and its global index, step · batchSize + row (B9). An addend has
/// bits − 1 bits at most, so that the sum always fits; how many of them are significant is drawn too,
/// uniformly. A quarter of the samples make carries run far: both addends are odd and as long as the
/// longer one, and the second is else the complement of the first, with one bit in eight turned. In
/// validation one addend has all of its bits: where validation sums are longer than training sums, none
/// of them can have been trained on.
/// </remarks>
public sealed class BinaryAdditionData : GeneratedData
{
    /// <summary>Most bits of a sum.</summary>
    public const int BitsLimit = 62;

    // Words 0 and 1: significant bits of the addends; 2: whether carries run far;
    // 4–5: a; 6–7: b; 6–7, 8–9 and 10–11: a bit that all three have turns the bit of the complement.
    private const int WordsPerSample = 12;

    private readonly int _bits;
    private readonly int _validationBits;

    /// <param name="bits">Bits of a training sum, from 2 to 62; also its time steps.</param>
    /// <param name="validationBits">Bits of a validation sum, from 2 to 62; also its time steps.</param>
    /// <param name="validationSamples">Validation sums; 0: no validation.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public BinaryAdditionData(int bits, int validationBits, int validationSamples, int batchSize, uint seed)
        : base(RandomPurpose.BinaryAddition, bits, validationBits, validationSamples, batchSize, seed)
    {
        RequireWithin(bits, 2, BitsLimit, nameof(bits));
        RequireWithin(validationBits, 2, BitsLimit, nameof(validationBits));
        (_bits, _validationBits) = (bits, validationBits);
    }

    public override InputKind Input => InputKind.Features;

    public override int InputSize => 2;

    public override int Outputs => 1;

    public override LossKind NaturalLoss => LossKind.BinaryCrossEntropy;

    /// <summary>The training sample of a global index, step · batchSize + row; there is no last one.</summary>
    public Addends TrainingAddends(long sample)
    {
        Span<uint> words = stackalloc uint[WordsPerSample];
        Draw(TrainingRandom, sample, position: 0, words);
        return Shaped(words, Scaled(words[0], _bits), Scaled(words[1], _bits));
    }

    /// <summary>The validation sample of an index, from 0 to validationSamples − 1.</summary>
    public Addends ValidationAddends(long sample)
    {
        Span<uint> words = stackalloc uint[WordsPerSample];
        Draw(ValidationRandom, sample, position: 0, words);
        var (whole, other) = (_validationBits - 1, Scaled(words[0], _validationBits));
        return (words[1] & 1) == 0 ? Shaped(words, whole, other) : Shaped(words, other, whole);
    }

    private protected override void WriteTraining(SequenceBatch batch, int row, long sample) =>
        Write(batch, row, TrainingAddends(sample));

    private protected override void WriteValidation(SequenceBatch batch, int row, long sample) =>
        Write(batch, row, ValidationAddends(sample));

    private static Addends Shaped(ReadOnlySpan<uint> words, int bitsOfA, int bitsOfB)
    {
        var a = Joined(words[4], words[5]);
        var b = Joined(words[6], words[7]);
        var carriesRunFar = words[2] < 1u << 30;
        if (carriesRunFar)
        {
            var turned = b & Joined(words[8], words[9]) & Joined(words[10], words[11]);
            b = (~a ^ turned) | 1;
            a |= 1;
            bitsOfA = bitsOfB = Math.Max(bitsOfA, bitsOfB);
        }

        return new Addends(Significant(a, bitsOfA), Significant(b, bitsOfB));
    }

    private static ulong Joined(uint low, uint high) => low | ((ulong)high << 32);

    /// <summary>The low bits of a number, the highest of them set: exactly so many are significant.</summary>
    private static ulong Significant(ulong number, int bits) =>
        bits == 0 ? 0 : (number & ((1UL << bits) - 1)) | (1UL << (bits - 1));

    private static void Write(SequenceBatch batch, int row, Addends addends)
    {
        var features = batch.Features;
        var targets = batch.Targets;
        var weights = batch.TargetWeights;
        var sum = addends.Sum;
        for (var t = 0; t < batch.Time; t++)
        {
            var place = (t * batch.Rows) + row;
            features[2 * place] = (addends.A >> t) & 1;
            features[(2 * place) + 1] = (addends.B >> t) & 1;
            targets[place] = (sum >> t) & 1;
            weights[place] = 1f;
        }
    }
}
