using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data;

/// <summary>
/// Data of separate samples, each a sequence with a length of its own: some are trained on, once in every
/// epoch and in an order of its own (<see cref="EpochOrder"/>), the others only validate, in the order of
/// the file. Nothing is carried between batches.
/// </summary>
/// <remarks>
/// A batch is as long as the longest sample of all its rows, whichever rows are asked for: a function of
/// the step, so that no lane's bits depend on who computes beside it.
/// </remarks>
public abstract class ShuffledData : TrainingData
{
    private readonly int[] _training;
    private readonly int[] _validation;
    private readonly EpochOrder _order;

    private protected ShuffledData(int[] training, int[] validation, int batchSize, uint seed)
    {
        (_training, _validation, BatchSize) = (training, validation, batchSize);
        _order = new EpochOrder(seed, training.Length, batchSize);
    }

    /// <summary>Samples that are trained on.</summary>
    public int TrainingSamples => _training.Length;

    /// <summary>Samples that are only validated on.</summary>
    public int ValidationSamples => _validation.Length;

    public override bool CarriesState => false;

    public override int BatchSize { get; }

    public override long StepsPerEpoch => _order.StepsPerEpoch;

    public override long ValidationBatches => (_validation.Length + (long)BatchSize - 1) / BatchSize;

    public override int TrainingRows(long step) => _order.Rows(step);

    public override int ValidationRows(long validationBatch)
    {
        RequireValidationBatch(validationBatch);
        return (int)Math.Min(BatchSize, _validation.Length - (validationBatch * BatchSize));
    }

    public override bool TrainingStartsFromZeros(long step) => true;

    public override bool ValidationStartsFromZeros(long validationBatch) => true;

    /// <summary>The sample that a row of a training step shows: its number in the file, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step or row.</exception>
    public int TrainingSample(long step, int row) => _training[_order.Sample(step, row)];

    /// <summary>The sample that a row of a validation batch shows: its number in the file, or among both files, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such batch or row.</exception>
    public int ValidationSample(long validationBatch, int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, ValidationRows(validationBatch));
        return _validation[(validationBatch * BatchSize) + row];
    }

    public override void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows)
    {
        RequireStep(step);
        var (present, time) = (_order.Rows(step), 1);
        for (var row = 0; row < present; row++)
        {
            time = Math.Max(time, TimeOf(TrainingSample(step, row)));
        }

        Shape(batch, time, rows, present);
        for (var i = 0; i < rows.Length; i++)
        {
            Write(batch, i, TrainingSample(step, rows[i]));
        }
    }

    public override void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows)
    {
        var (present, time) = (ValidationRows(validationBatch), 1);
        for (var row = 0; row < present; row++)
        {
            time = Math.Max(time, TimeOf(ValidationSample(validationBatch, row)));
        }

        Shape(batch, time, rows, present);
        for (var i = 0; i < rows.Length; i++)
        {
            Write(batch, i, ValidationSample(validationBatch, rows[i]));
        }
    }

    /// <summary>Time steps of a sample.</summary>
    private protected abstract int TimeOf(int sample);

    /// <summary>Writes every element of a row of the batch: the sample, its length, and behind it the padding.</summary>
    private protected abstract void Write(SequenceBatch batch, int row, int sample);
}
