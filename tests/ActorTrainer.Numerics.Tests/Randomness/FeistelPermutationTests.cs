using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Numerics.Tests.Randomness;

public sealed class FeistelPermutationTests
{
    [Fact]
    public void Is_a_bijection_of_every_small_range_and_knows_its_inverse()
    {
        int[] counts = [.. Enumerable.Range(1, 70), 127, 128, 129, 1000, 4095, 4097];
        foreach (var count in counts)
        {
            var order = new FeistelPermutation(seed: 3, RandomPurpose.Order, epoch: count % 5, count);
            var seen = new bool[count];
            for (var place = 0; place < count; place++)
            {
                var element = order[place];
                Assert.InRange(element, 0, count - 1);
                Assert.False(seen[element], $"{element} stands twice in the order of {count}");
                seen[element] = true;
                Assert.Equal(place, order.PlaceOf(element));
            }
        }
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData((1L << 40) - 1)]
    [InlineData((1L << 39) + 1)]
    [InlineData(123_456_789_012)]
    public void Finds_the_way_back_in_large_ranges(long count)
    {
        var order = new FeistelPermutation(seed: 9, RandomPurpose.Order, epoch: 2, count);
        foreach (var place in new[] { 0, 1, 2, count / 3, count / 2, count - 2, count - 1 })
        {
            var element = order[place];
            Assert.InRange(element, 0, count - 1);
            Assert.Equal(place, order.PlaceOf(element));
        }
    }

    /// <summary>Computed once by a second implementation, in Python, from the class's description.</summary>
    [Fact]
    public void Orders_never_change()
    {
        Assert.Equal("7 8 0 2 5 1 6 9 3 4", Order(seed: 1, epoch: 0, count: 10));
        Assert.Equal("1 9 5 8 3 0 7 4 6 2", Order(seed: 1, epoch: 1, count: 10));
        Assert.Equal("4 8 9 2 7 5 6 1 3 0", Order(seed: 2, epoch: 0, count: 10));
        Assert.Equal(998816641940, new FeistelPermutation(1, RandomPurpose.Order, epoch: 0, 1L << 40)[12345]);
        Assert.Equal(136435, new FeistelPermutation(1, RandomPurpose.Order, epoch: 7, 1_000_003)[12345]);
    }

    [Fact]
    public void Spreads_every_element_over_the_places_when_the_epoch_changes()
    {
        const int Count = 10;
        const int Epochs = 2000;
        var placings = new int[Count, Count];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var order = new FeistelPermutation(4, RandomPurpose.Order, epoch, Count);
            for (var place = 0; place < Count; place++)
            {
                placings[place, order[place]]++;
            }
        }

        // 200 expected, standard deviation 13.
        Assert.All(placings.Cast<int>(), times => Assert.InRange(times, 130, 270));
    }

    [Fact]
    public void Refuses_ranges_places_and_epochs_it_cannot_serve()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(1, RandomPurpose.Order, 0, count: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(1, RandomPurpose.Order, 0, (1L << 40) + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(1, RandomPurpose.Order, -1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(1, RandomPurpose.Order, 0, 10)[10]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(1, RandomPurpose.Order, 0, 10).PlaceOf(-1));
    }

    private static string Order(uint seed, long epoch, long count)
    {
        var order = new FeistelPermutation(seed, RandomPurpose.Order, epoch, count);
        return string.Join(' ', Enumerable.Range(0, (int)count).Select(place => order[place]));
    }
}
