using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class ShardLayoutTests
{
    [Fact]
    public void Cuts_the_parameters_once_on_block_boundaries_as_equally_as_whole_blocks_allow()
    {
        foreach (var parameters in new[] { 1, 255, 256, 257, 1000, 4096, 4097, 70_001 })
        {
            for (var requested = 1; requested <= 20; requested++)
            {
                var layout = new ShardLayout(parameters, requested);
                var next = 0;
                var sizes = new List<int>();
                for (var shard = 0; shard < layout.Count; shard++)
                {
                    var range = layout.Range(shard);
                    Assert.Equal(next, range.First);
                    Assert.Equal(0, range.First % NormBlocks.BlockSize);
                    Assert.True(range.Count > 0);
                    Assert.Equal(shard, layout.ShardOf(range.First));
                    Assert.Equal(shard, layout.ShardOf(range.End - 1));
                    sizes.Add((range.Count + 255) / 256);
                    next = range.End;
                }

                Assert.Equal(parameters, next);
                Assert.True(sizes.Max() - sizes.Min() <= 1);
                Assert.Equal(Math.Min(requested, (parameters + 255) / 256), layout.Count);
            }
        }
    }

    [Fact]
    public void Makes_no_more_shards_than_there_are_blocks() =>
        Assert.Equal(2, new ShardLayout(300, 64).Count);

    [Fact]
    public void Does_not_overflow_at_the_largest_model()
    {
        var layout = new ShardLayout(int.MaxValue, 1024);

        Assert.Equal(int.MaxValue, layout.Range(1023).End);
        Assert.Equal(1023, layout.ShardOf(int.MaxValue - 1));
    }
}
