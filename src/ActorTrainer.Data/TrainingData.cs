using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data;

/// <summary>
/// What a run learns from: every batch is a pure function of its number (B10), so that any worker can
/// read any rows of any step, again and in any order. Instances never change; threads may share one.
/// </summary>
public abstract class TrainingData
{
    /// <summary>What a time step's input is.</summary>
    public abstract InputKind Input { get; }

    /// <summary>Symbols, or features, of a time step.</summary>
    public abstract int InputSize { get; }

    /// <summary>Width of the output layer that the targets ask for.</summary>
    public abstract int Outputs { get; }

    /// <summary>The loss that the targets are made for.</summary>
    public abstract LossKind NaturalLoss { get; }

    /// <summary>Where the targets stand: at every time step, or after the last one of each row.</summary>
    public virtual Head Head => Head.EveryStep;

    /// <summary>What a model must remember of the data.</summary>
    public abstract DataSchema Schema { get; }

    /// <summary>Steps after which every sample was read once; 0: there is no end, the data is generated or streamed.</summary>
    public virtual long StepsPerEpoch => 0;

    /// <summary>Whether a batch goes on where the one before stopped, row by row.</summary>
    public abstract bool CarriesState { get; }

    /// <summary>Time steps of the longest batch, of training or of validation.</summary>
    public abstract int MaximumTime { get; }

    /// <summary>Rows of a full batch.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Batches in one whole validation; 0 when there is none.</summary>
    public abstract long ValidationBatches { get; }

    /// <summary>Rows present in a training step: global rows 0 to this − 1.</summary>
    public abstract int TrainingRows(long step);

    /// <summary>Rows present in a validation batch: global rows 0 to this − 1.</summary>
    public abstract int ValidationRows(long validationBatch);

    /// <summary>Whether the carried state is set to zeros before the step (B10).</summary>
    public abstract bool TrainingStartsFromZeros(long step);

    /// <summary>Whether the carried state is set to zeros before the validation batch (B10).</summary>
    public abstract bool ValidationStartsFromZeros(long validationBatch);

    /// <summary>Resizes the batch to the rows asked for and fills it. Allocates nothing.</summary>
    /// <param name="batch">Receives inputs, targets and target weights.</param>
    /// <param name="step">Training step, from 0.</param>
    /// <param name="rows">Global rows, each below <see cref="TrainingRows"/>; row i of the batch is rows[i].</param>
    /// <exception cref="ArgumentException">The batch is made for other data, or the step or a row does not exist.</exception>
    public abstract void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows);

    /// <summary>Resizes the batch to the rows asked for and fills it. Allocates nothing.</summary>
    /// <param name="batch">Receives inputs, targets and target weights.</param>
    /// <param name="validationBatch">From 0 to <see cref="ValidationBatches"/> − 1.</param>
    /// <param name="rows">Global rows, each below <see cref="ValidationRows"/>; row i of the batch is rows[i].</param>
    /// <exception cref="ArgumentException">The batch is made for other data, or the validation batch or a row does not exist.</exception>
    public abstract void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows);

    private protected static void RequireStep(long step)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, $"step is {step}; steps are numbered from 0.");
        }
    }

    private protected void RequireValidationBatch(long validationBatch)
    {
        if (validationBatch < 0 || validationBatch >= ValidationBatches)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationBatch),
                validationBatch,
                $"validation batch {validationBatch} does not exist; there are {ValidationBatches}, numbered from 0.");
        }
    }

    /// <summary>Prepares the batch for rows of this data: checks that it is made for it, and resizes it.</summary>
    private protected void Shape(SequenceBatch batch, int time, ReadOnlySpan<int> rows, int present)
    {
        var spec = batch.Spec;
        if (spec.Input != Input || spec.InputSize != InputSize || spec.Loss != NaturalLoss || spec.Outputs != Outputs || spec.Head != Head)
        {
            throw new ArgumentException(
                $"the batch is for {spec.InputSize} {spec.Input}, {spec.Outputs} outputs {spec.Head} and {spec.Loss}; "
                + $"the data has {InputSize} {Input}, {Outputs} outputs {Head} and {NaturalLoss}.",
                nameof(batch));
        }

        RequireRows(rows, present);
        batch.Resize(time, rows.Length);
    }

    private static void RequireRows(ReadOnlySpan<int> rows, int present)
    {
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)present)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"row {row} does not exist; the batch has {present}, numbered from 0.");
            }
        }
    }
}
