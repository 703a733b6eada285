using System.Collections;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Tests;

public sealed class EpochOrderTests
{
    private static IEnumerable<int> Epoch(EpochOrder order, long epoch)
    {
        for (var step = epoch * order.StepsPerEpoch; step < (epoch + 1) * order.StepsPerEpoch; step++)
        {
            for (var row = 0; row < order.Rows(step); row++)
            {
                yield return order.Sample(step, row);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(100, 1)]
    [InlineData(100, 7)]
    [InlineData(100, 100)]
    [InlineData(100, 1000)]
    [InlineData((1 << 20) + 1, 1024)]
    public void Shows_every_sample_exactly_once_in_every_epoch(int samples, int batchSize)
    {
        var order = new EpochOrder(20260401, samples, batchSize);
        foreach (var epoch in samples > 1000 ? [0L] : new[] { 0L, 1, 2, 1_000_000 })
        {
            var (seen, count) = (new BitArray(samples), 0);
            foreach (var sample in Epoch(order, epoch))
            {
                Assert.InRange(sample, 0, samples - 1);
                Assert.False(seen[sample], $"sample {sample} is seen twice in epoch {epoch}");
                seen[sample] = true;
                count++;
            }

            Assert.Equal(samples, count);
        }
    }

    [Fact]
    public void Ends_an_epoch_with_a_short_batch_where_the_batch_size_does_not_divide()
    {
        var order = new EpochOrder(1, samples: 10, batchSize: 4);

        Assert.Equal((10, 3L), (order.Samples, order.StepsPerEpoch));
        Assert.Equal([4, 4, 2, 4, 4, 2], Enumerable.Range(0, 6).Select(step => order.Rows(step)));
        Assert.Equal([4, 4], Enumerable.Range(0, 2).Select(step => new EpochOrder(1, samples: 8, batchSize: 4).Rows(step)));
        Assert.Equal(3, new EpochOrder(1, samples: 3, batchSize: int.MaxValue).Rows(5));
    }

    [Fact]
    public void Orders_every_epoch_and_every_seed_differently()
    {
        var order = new EpochOrder(1, samples: 100, batchSize: 7);
        var orders = new[] { Epoch(order, 0), Epoch(order, 1), Epoch(order, 2), Epoch(new EpochOrder(2, 100, 7), 0), Enumerable.Range(0, 100) }
            .Select(samples => samples.ToArray())
            .ToArray();

        for (var a = 0; a < orders.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                // Two random orders of 100 agree in one place on average.
                Assert.InRange(orders[a].Zip(orders[b]).Count(pair => pair.First == pair.Second), 0, 8);
            }
        }
    }

    [Fact]
    public void Orders_the_same_in_batches_of_any_size()
    {
        var expected = Epoch(new EpochOrder(1, samples: 100, batchSize: 1), 5).ToArray();

        Assert.All([3, 10, 64, 500], batchSize => Assert.Equal(expected, Epoch(new EpochOrder(1, 100, batchSize), 5)));
    }

    [Fact]
    public void Is_a_function_of_the_step_alone()
    {
        var forwards = new EpochOrder(1, samples: 50, batchSize: 8);
        var expected = Enumerable.Range(0, 30).Select(step => forwards.Sample(step, 1)).ToArray();
        var backwards = new EpochOrder(1, samples: 50, batchSize: 8);

        Assert.Equal(expected.Reverse(), Enumerable.Range(0, 30).Select(step => backwards.Sample(29 - step, 1)));
    }

    [Fact]
    public void Is_the_keyed_permutation_of_the_epoch()
    {
        var order = new EpochOrder(7, samples: 50, batchSize: 8);
        var second = new FeistelPermutation(7, RandomPurpose.Order, epoch: 1, count: 50);

        Assert.Equal((int)second[(2 * 8) + 3], order.Sample(7 + 2, 3));
    }

    [Fact]
    public void Refuses_steps_rows_and_sizes_that_do_not_exist()
    {
        var order = new EpochOrder(1, samples: 10, batchSize: 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => order.Rows(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Sample(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Sample(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Sample(0, -1));
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => order.Sample(2, 2));
        Assert.StartsWith("row 2 does not exist; step 2 has 2, numbered from 0.", refusal.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpochOrder(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpochOrder(1, 1, 0));
    }
}
