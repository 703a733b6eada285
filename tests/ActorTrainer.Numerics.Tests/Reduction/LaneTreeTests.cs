using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Reduction;

public sealed class LaneTreeTests
{
    [Fact]
    public void Losses_are_added_along_the_tree_and_not_along_the_line()
    {
        // In a line 1 would vanish in 2⁵³ twice; in the tree the two ones meet first.
        var lanes = new LossSums[] { new(9007199254740992, 0, 0, 0, 0), default, new(1, 0, 0, 0, 0), new(1, 2, 3, 4, 5) { Targets = 6 } };

        Assert.Equal(new LossSums(9007199254740994, 2, 3, 4, 5) { Targets = 6 }, LaneTree.Fold(lanes));
    }

    [Fact]
    public void A_number_of_lanes_that_is_no_power_of_two_is_refused() =>
        Assert.Throws<ArgumentException>(() => LaneTree.Fold(new LossSums[3]));

    [Fact]
    public void Lanes_merge_to_the_largest_aligned_blocks()
    {
        Assert.Equal([new LaneBlock(0, 8)], LaneTree.Blocks([0, 1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal([new LaneBlock(1, 1), new(2, 2), new(4, 1), new(6, 2)], LaneTree.Blocks([1, 2, 3, 4, 6, 7]));
        Assert.Empty(LaneTree.Blocks([]));
        Assert.Throws<ArgumentException>(() => LaneTree.Blocks([2, 1]));
    }

    [Fact]
    public void Siblings_share_a_parent()
    {
        Assert.False(LaneTree.AreSiblings(new(2, 2), new(0, 2)));
        Assert.True(LaneTree.AreSiblings(new(0, 2), new(2, 2)));
        Assert.False(LaneTree.AreSiblings(new(2, 2), new(4, 2)));
    }

    [Fact]
    public void An_empty_lane_is_added_and_not_skipped()
    {
        var node = new[] { -0f, 1f, -2f };

        LaneTree.AddEmpty(node);

        Bits.Equal([0f, 1f, -2f], node, "node with an empty half");
    }

    [Fact]
    public void Spans_are_added_element_by_element()
    {
        float[] left = [1f, 2f, 3f];
        var parent = new float[3];

        LaneTree.Add(left, [10f, 20f, 30f], parent);
        LaneTree.Add(left, [1f, 1f, 1f]);

        Assert.Equal([11f, 22f, 33f], parent);
        Assert.Equal([2f, 3f, 4f], left);
    }
}
