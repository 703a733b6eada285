using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class LaneCoverSpecs
{
    private readonly TensorStore _store = new(new NodeId("node"));
    private readonly LaneCover _cover;

    public LaneCoverSpecs()
    {
        _cover = new LaneCover(_store);
        _cover.Begin(new bool[8]);
    }

    private void Offer(int first, int count, float value)
    {
        var lease = _store.Rent(3);
        lease.Values.Fill(value);
        _cover.Offer(new LaneBlock(first, count), lease);
    }

    [Fact]
    public void Siblings_are_folded_as_soon_as_both_are_there()
    {
        Offer(2, 1, 4);
        Offer(0, 2, 1);
        Assert.Equal([new LaneBlock(0, 2), new LaneBlock(2, 1)], _cover.Blocks);

        Offer(3, 1, 8);

        Assert.Equal([new LaneBlock(0, 4)], _cover.Blocks);
        Assert.Equal(1, _store.LeasedBuffers);
        Offer(4, 4, 100);
        Assert.True(_cover.IsWhole);
        Assert.Equal([113f, 113f, 113f], _cover.Root.ToArray());
    }

    [Fact]
    public void A_block_whose_lanes_are_covered_is_dropped()
    {
        Offer(0, 4, 1);
        Offer(0, 4, 50);
        Offer(2, 2, 50);
        Offer(3, 1, 50);

        Assert.Equal(1, _store.LeasedBuffers);
        Offer(4, 4, 1);
        Assert.Equal(2, _cover.Root[0]);
    }

    [Fact]
    public void A_larger_block_replaces_the_smaller_ones_inside_it()
    {
        Offer(0, 1, 1000);
        Offer(3, 1, 1000);

        Offer(0, 4, 7);

        Assert.Equal([new LaneBlock(0, 4)], _cover.Blocks);
        Assert.Equal(1, _store.LeasedBuffers);
    }

    [Fact]
    public void A_larger_block_is_never_dropped_for_a_smaller_one()
    {
        Offer(4, 2, 5);
        Offer(0, 8, 3);

        Assert.True(_cover.IsWhole);
        Assert.Equal(3, _cover.Root[0]);
    }

    [Fact]
    public void Empty_lanes_are_zeros_that_are_added()
    {
        _cover.Begin([false, true, true, true, false, true, false, true]);
        Offer(0, 1, -0f);
        Offer(6, 1, 2);
        Assert.Equal([new LaneBlock(0, 4), new LaneBlock(6, 2)], _cover.Blocks);

        Offer(4, 1, 3);

        Assert.True(_cover.IsWhole);
        Assert.Equal(5, _cover.Root[0]);
        _cover.Begin([false, true, true, true, true, true, true, true]);
        Offer(0, 1, -0f);
        Assert.Equal(0, BitConverter.SingleToInt32Bits(_cover.Root[0]));
    }

    [Fact]
    public void Every_order_of_arrival_gives_the_bits_of_the_tree()
    {
        var random = new Random(3);
        var lanes = Enumerable.Range(0, 8).Select(_ => (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-6, 7))).ToArray();
        var expected = Node(0, 8);
        for (var trial = 0; trial < 300; trial++)
        {
            _cover.Begin(new bool[8]);
            while (!_cover.IsWhole)
            {
                var count = 1 << random.Next(4);
                var first = random.Next(8 / count) * count;
                Offer(first, count, Node(first, count));
            }

            Assert.Equal(expected, _cover.Root[0]);
            Assert.Equal(1, _store.LeasedBuffers);
        }

        float Node(int first, int count) => count == 1 ? lanes[first] : Node(first, count / 2) + Node(first + (count / 2), count / 2);
    }

    [Fact]
    public void What_was_published_is_never_written()
    {
        var lease = _store.Rent(3);
        lease.Values.Fill(1);
        lease.Publish();
        _cover.Offer(new LaneBlock(0, 1), lease.Share());

        Offer(1, 1, 1);
        Offer(2, 2, 1);

        Assert.Equal([1f, 1f, 1f], lease.Values.ToArray());
        _cover.Release();
        lease.Release();
        Assert.Equal(0, _store.LeasedBuffers);
    }
}
