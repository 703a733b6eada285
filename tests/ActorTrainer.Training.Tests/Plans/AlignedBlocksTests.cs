using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class AlignedBlocksTests
{
    [Fact]
    public void Are_the_maximal_nodes_inside_every_subset_of_eight_lanes()
    {
        for (var subset = 0; subset < 256; subset++)
        {
            var lanes = Enumerable.Range(0, 8).Where(lane => (subset >> lane & 1) != 0).ToArray();
            var inside = new[] { 1, 2, 4, 8 }
                .SelectMany(count => Enumerable.Range(0, 8 / count).Select(i => new LaneBlock(i * count, count)))
                .Where(block => Enumerable.Range(block.First, block.Count).All(lanes.Contains))
                .ToArray();
            var maximal = inside.Where(block => !inside.Any(other => other != block && other.Contains(block)));

            Assert.Equal(maximal.OrderBy(block => block.First), AlignedBlocks.Of(lanes));
        }
    }

    [Fact]
    public void Of_a_range_are_those_of_its_lanes()
    {
        for (var first = 0; first <= 33; first++)
        {
            for (var end = first; end <= 70; end++)
            {
                Assert.Equal(
                    AlignedBlocks.Of([.. Enumerable.Range(first, end - first)]).AsEnumerable(),
                    AlignedBlocks.OfRange(first, end));
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(-1, 0)]
    public void Refuse_lanes_that_do_not_ascend(int first, int second) =>
        Assert.Throws<ArgumentException>(() => AlignedBlocks.Of([first, second]));
}
