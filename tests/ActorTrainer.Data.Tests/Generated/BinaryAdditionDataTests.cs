using System.Numerics;
using ActorTrainer.Data.Generated;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Generated;

public sealed class BinaryAdditionDataTests
{
    private static BinaryAdditionData Data(
        int bits = 12, int validationBits = 32, int validationSamples = 1000, int batchSize = 32, uint seed = 1) =>
        new(bits, validationBits, validationSamples, batchSize, seed);

    private static Addends Read(SequenceBatch batch, int row, out ulong sum)
    {
        var (a, b) = (0UL, 0UL);
        sum = 0;
        for (var t = 0; t < batch.Time; t++)
        {
            var place = (t * batch.Rows) + row;
            a |= (ulong)batch.Features[2 * place] << t;
            b |= (ulong)batch.Features[(2 * place) + 1] << t;
            sum |= (ulong)batch.Targets[place] << t;
        }

        return new Addends(a, b);
    }

    [Fact]
    public void Shows_the_bits_of_sums_that_are_right()
    {
        foreach (var bits in new[] { 2, 3, 12, 62 })
        {
            var data = Data(bits, validationBits: bits);
            var batch = Batches.For(data);
            for (var step = 0; step < 40; step++)
            {
                data.FillTraining(batch, step, Batches.AllRows(32));
                for (var row = 0; row < 32; row++)
                {
                    var addends = Read(batch, row, out var sum);

                    Assert.Equal(data.TrainingAddends((step * 32) + row), addends);
                    Assert.Equal(addends.A + addends.B, sum);
                    Assert.True(addends.A < 1UL << (bits - 1) && addends.B < 1UL << (bits - 1));
                }

                Assert.Equal(bits, batch.Time);
                Assert.All(batch.TargetWeights.ToArray(), weight => Assert.Equal(1f, weight));
            }
        }
    }

    [Fact]
    public void Writes_the_least_significant_bit_first()
    {
        var data = Data(bits: 4, batchSize: 1, validationSamples: 0);
        var batch = Batches.For(data);
        var step = Enumerable.Range(0, 1000).First(sample => data.TrainingAddends(sample) == new Addends(6, 3));

        data.FillTraining(batch, step, [0]);

        Assert.Equal([0, 1, 1, 1, 1, 0, 0, 0], batch.Features.ToArray());
        Assert.Equal([1, 0, 0, 1], batch.Targets.ToArray());
    }

    [Fact]
    public void Is_keyed_by_the_global_sample_and_not_by_the_shape_of_the_batch()
    {
        var (wide, narrow) = (Data(batchSize: 32), Data(batchSize: 4));
        var (wideBatch, narrowBatch) = (Batches.For(wide), Batches.For(narrow));
        wide.FillTraining(wideBatch, 3, Batches.AllRows(32));
        narrow.FillTraining(narrowBatch, (3 * 8) + 5, [2, 0]);

        Assert.Equal(Read(wideBatch, 22, out _), Read(narrowBatch, 0, out _));
        Assert.Equal(Read(wideBatch, 20, out _), Read(narrowBatch, 1, out _));
    }

    /// <summary>Computed once by a second implementation, in Python, from the class's description.</summary>
    [Fact]
    public void Samples_never_change()
    {
        Assert.Equal([new Addends(177, 207), new Addends(15, 9), new Addends(0, 62), new Addends(7, 3)], new[] { 0L, 1L, 2L, 5_000_000_000L }.Select(Data().TrainingAddends));
        Assert.Equal([new Addends(2055941300, 73156561), new Addends(144309, 2088848180), new Addends(2071283582, 1264921891), new Addends(259763, 1135693151)], new[] { 0L, 1L, 2L, 999L }.Select(Data().ValidationAddends));
    }

    [Fact]
    public void Differs_between_seeds_steps_and_uses()
    {
        var samples = Enumerable.Range(0, 200);

        Assert.InRange(samples.Count(i => Data(bits: 40).TrainingAddends(i) == Data(bits: 40, seed: 2).TrainingAddends(i)), 0, 3);
        Assert.InRange(samples.Count(i => Data(bits: 40).TrainingAddends(i) == Data(bits: 40).TrainingAddends(i + 200)), 0, 3);
        Assert.InRange(samples.Count(i => Data(bits: 32).TrainingAddends(i) == Data().ValidationAddends(i)), 0, 3);
    }

    [Fact]
    public void Validates_on_sums_that_are_longer_than_any_training_sum()
    {
        var data = Data();
        for (var sample = 0; sample < 1000; sample++)
        {
            var (a, b) = data.ValidationAddends(sample);
            var larger = Math.Max(a, b);

            Assert.Equal(31, 64 - BitOperations.LeadingZeroCount(larger));
            Assert.True(a + b < 1UL << 32);
        }

        Assert.Contains(Enumerable.Range(0, 1000), sample => data.ValidationAddends(sample).Sum >= 1UL << 31);
    }

    [Fact]
    public void Shows_addends_of_every_length_and_carries_that_run_far()
    {
        var data = Data();
        var samples = Enumerable.Range(0, 10_000).Select(sample => data.TrainingAddends(sample)).ToList();

        var lengths = samples.GroupBy(sample => 64 - BitOperations.LeadingZeroCount(sample.A)).Select(group => group.Key).Order();
        Assert.Equal(Enumerable.Range(0, 12), lengths);
        // A carry that passes six places or more, unlike one in a hundred of plain random sums.
        Assert.InRange(samples.Count(sample => LongestCarry(sample) >= 6), 500, 10_000);
    }

    /// <summary>Most places in a row at which a carry comes in and goes on although only one bit is set.</summary>
    private static int LongestCarry(Addends addends)
    {
        var (carry, run, longest) = (0UL, 0, 0);
        for (var t = 0; t < 64; t++)
        {
            var (a, b) = ((addends.A >> t) & 1, (addends.B >> t) & 1);
            run = carry == 1 && (a ^ b) == 1 ? run + 1 : 0;
            longest = Math.Max(longest, run);
            carry = (a & b) | (carry & (a ^ b));
        }

        return longest;
    }

    [Fact]
    public void Ends_validation_with_a_short_batch()
    {
        var data = Data(validationSamples: 70);
        var batch = Batches.For(data);

        Assert.Equal(3, data.ValidationBatches);
        Assert.Equal([32, 32, 6], Enumerable.Range(0, 3).Select(index => data.ValidationRows(index)));
        data.FillValidation(batch, 2, Batches.AllRows(6));
        Assert.Equal((32, 6), (batch.Time, batch.Rows));
        Assert.Equal(data.ValidationAddends(69), Read(batch, 5, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillValidation(batch, 2, [6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillValidation(batch, 3, [0]));
        Assert.Equal(0, Data(validationSamples: 0).ValidationBatches);
    }

    [Fact]
    public void Is_what_a_network_of_two_inputs_and_one_output_needs()
    {
        var data = Data();

        Assert.Equal((InputKind.Features, 2, 1), (data.Input, data.InputSize, data.Outputs));
        Assert.Equal((LossKind.BinaryCrossEntropy, false), (data.NaturalLoss, data.CarriesState));
        Assert.Equal((32, 32, 32), (data.MaximumTime, data.BatchSize, data.TrainingRows(7)));
        Assert.True(data.TrainingStartsFromZeros(7) && data.ValidationStartsFromZeros(7));
    }

    [Fact]
    public void Refuses_sizes_it_cannot_serve()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(bits: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(bits: 63));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(validationBits: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(validationBits: 63));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(validationSamples: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(batchSize: 0));
    }

    [Fact]
    public void Fills_without_allocating() => Assert.Equal(0, Batches.AllocatedBy(Data()));
}
