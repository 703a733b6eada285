using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Reduction;

public sealed class NormBlocksTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3500)]
    [InlineData(20000)]
    public void Every_cut_into_shards_gives_the_same_total(int parameters)
    {
        var values = Bits.Floats(parameters, parameters);
        var blocks = NormBlocks.Count(parameters);
        var sums = new double[blocks];
        NormBlocks.Squares(values, sums);
        var expected = Definition(sums);
        var random = new Random(parameters);
        for (var trial = 0; trial < 20; trial++)
        {
            var subtrees = new List<NormSubtree>();
            for (var first = 0; first < blocks;)
            {
                var count = random.Next(1, blocks - first + 1);
                subtrees.InsertRange(0, NormBlocks.Subtrees(first, sums.AsSpan(first, count).ToArray()));
                first += count;
            }

            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(NormBlocks.Total(subtrees, blocks)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3500)]
    [InlineData(20000)]
    public void The_whole_vector_at_once_gives_the_same_total_and_allocates_nothing(int parameters)
    {
        var sums = new double[NormBlocks.Count(parameters)];
        NormBlocks.Squares(Bits.Floats(parameters, parameters), sums);
        var expected = Definition([.. sums]);
        NormBlocks.Total(sums.ToArray().AsSpan());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var total = NormBlocks.Total(sums);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(total));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_shard_sends_few_subtrees()
    {
        var subtrees = NormBlocks.Subtrees(3, Enumerable.Repeat(1d, 14).ToArray());

        Assert.Equal([new(3, 1, 1), new(4, 4, 4), new(8, 8, 8), new(16, 1, 1)], subtrees);
    }

    [Fact]
    public void Missing_blocks_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NormBlocks.Total([new(0, 2, 1)], 3));
        Assert.Throws<ArgumentException>(() => NormBlocks.Total([new(0, 2, 1), new(3, 1, 1)], 4));
        Assert.Throws<ArgumentException>(() => NormBlocks.Total([new(0, 2, 1), new(1, 1, 1)], 2));
        Assert.Throws<ArgumentException>(() => NormBlocks.Squares(new float[257], new double[1]));
    }

    private static double Definition(double[] sums)
    {
        var size = 1;
        while (size < sums.Length)
        {
            size *= 2;
        }

        return Node(0, size);

        double Node(int first, int count) =>
            count == 1 ? (first < sums.Length ? sums[first] : 0) : Node(first, count / 2) + Node(first + (count / 2), count / 2);
    }
}
