using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data;

/// <summary>
/// Which samples a step is made of where data is read in epochs: every sample once in each epoch, in an
/// order that the seed and the epoch decide (B9). A function of the step alone, so that no worker needs
/// to have seen the steps before (B10); it holds no list.
/// </summary>
/// <remarks>An epoch has ⌈samples / batchSize⌉ steps, the last one short where the batch size does not divide.</remarks>
public sealed class EpochOrder
{
    private readonly uint _seed;
    private readonly int _batchSize;

    /// <param name="seed">The recipe's seed.</param>
    /// <param name="samples">Samples of an epoch; at least 1.</param>
    /// <param name="batchSize">Rows of a full batch; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no samples, or no rows.</exception>
    public EpochOrder(uint seed, int samples, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_seed, Samples, _batchSize) = (seed, samples, batchSize);
    }

    /// <summary>Samples of an epoch.</summary>
    public int Samples { get; }

    /// <summary>Steps in which every sample is seen once.</summary>
    public long StepsPerEpoch => (Samples + (long)_batchSize - 1) / _batchSize;

    /// <summary>Rows of a step: the batch size, or what is left of the epoch.</summary>
    /// <param name="step">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public int Rows(long step) => (int)Math.Min(_batchSize, Samples - FirstPlace(step));

    /// <summary>The sample that a row of a step shows, from 0 to samples − 1.</summary>
    /// <param name="step">From 0 to 2⁴⁰ − 1.</param>
    /// <param name="row">Global row, from 0 to <see cref="Rows"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step or row.</exception>
    public int Sample(long step, int row)
    {
        var rows = Rows(step);
        if ((uint)row >= (uint)rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"row {row} does not exist; step {step} has {rows}, numbered from 0.");
        }

        var order = new FeistelPermutation(_seed, RandomPurpose.Order, step / StepsPerEpoch, Samples);
        return (int)order[FirstPlace(step) + row];
    }

    /// <summary>Where the step's first row stands in the order of its epoch.</summary>
    private long FirstPlace(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step % StepsPerEpoch * _batchSize;
    }
}
