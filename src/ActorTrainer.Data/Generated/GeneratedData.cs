using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Generated;

/// <summary>
/// Samples that are made when they are asked for, each a function of the seed and its global index
/// (B9): step · batchSize + row. Training has no end; validation draws from a stream of its own.
/// </summary>
public abstract class GeneratedData : TrainingData
{
    /// <summary>Most time steps of a generated sequence, where a kind does not say otherwise.</summary>
    public const int LengthLimit = 65_536;

    private readonly int _trainingTime;
    private readonly int _validationTime;
    private readonly int _validationSamples;
    private readonly RandomStream _training;
    private readonly RandomStream _validation;

    private protected GeneratedData(
        RandomPurpose purpose, int trainingTime, int validationTime, int validationSamples, int batchSize, uint seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validationSamples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_trainingTime, _validationTime, _validationSamples, BatchSize) = (trainingTime, validationTime, validationSamples, batchSize);
        _training = new RandomStream(seed, purpose, layer: 0);
        _validation = new RandomStream(seed, purpose, layer: 1);
    }

    public override DataSchema Schema => DataSchema.Nameless(Input, InputSize, Outputs);

    public override bool CarriesState => false;

    public override int MaximumTime => Math.Max(_trainingTime, _validationSamples == 0 ? 0 : _validationTime);

    public override int BatchSize { get; }

    public override long ValidationBatches => (_validationSamples + (long)BatchSize - 1) / BatchSize;

    private protected RandomStream TrainingRandom => _training;

    private protected RandomStream ValidationRandom => _validation;

    public override int TrainingRows(long step) => BatchSize;

    public override int ValidationRows(long validationBatch)
    {
        RequireValidationBatch(validationBatch);
        return (int)Math.Min(BatchSize, _validationSamples - (validationBatch * BatchSize));
    }

    public override bool TrainingStartsFromZeros(long step) => true;

    public override bool ValidationStartsFromZeros(long validationBatch) => true;

    public override void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows)
    {
        RequireStep(step);
        Shape(batch, _trainingTime, rows, BatchSize);
        for (var i = 0; i < rows.Length; i++)
        {
            WriteTraining(batch, i, (step * BatchSize) + rows[i]);
        }
    }

    public override void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows)
    {
        Shape(batch, _validationTime, rows, ValidationRows(validationBatch));
        for (var i = 0; i < rows.Length; i++)
        {
            WriteValidation(batch, i, (validationBatch * BatchSize) + rows[i]);
        }
    }

    /// <summary>Writes every element of one row of the batch: the training sample of that global index.</summary>
    private protected abstract void WriteTraining(SequenceBatch batch, int row, long sample);

    /// <summary>Writes every element of one row of the batch: the validation sample of that index.</summary>
    private protected abstract void WriteValidation(SequenceBatch batch, int row, long sample);

    /// <summary>The words of a sample, from index 0 of a position of its own for each use.</summary>
    private protected static void Draw(RandomStream random, long sample, int position, Span<uint> words) =>
        random.FillWords(sample >> 32, sample & uint.MaxValue, position, firstIndex: 0, words);

    /// <summary>One word of a sample.</summary>
    private protected static uint Word(RandomStream random, long sample, int position, int index) =>
        random.Word(sample >> 32, sample & uint.MaxValue, position, index);

    /// <summary>A word as a number in [0, count), uniform but for 2⁻³² × count.</summary>
    private protected static int Scaled(uint word, int count) => (int)(((ulong)word * (uint)count) >> 32);

    private protected static void RequireWithin(int value, int lowest, int highest, string name)
    {
        if (value < lowest || value > highest)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be from {lowest} to {highest}.");
        }
    }
}
