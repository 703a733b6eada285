using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Tests.Machines;

/// <summary>A node with two workers, of which one owns lanes 0 and 1, the other 2.</summary>
public sealed class NodeFoldSpecs : IDisposable
{
    private static readonly WorkerId First = new("first");
    private static readonly WorkerId Second = new("second");
    private static readonly LaneBlock Left = new(0, 2);
    private static readonly LaneBlock Third = new(2, 1);
    private readonly MachineFixture _with = new();
    private readonly WeightsReplica _replica;
    private readonly WorkerNode _node;

    public NodeFoldSpecs()
    {
        _replica = new WeightsReplica(_with.Run.Network);
        _node = new WorkerNode(_with.Run, _with.Shards, new NodeId("n"), _replica, _with.Tensors, _with.Outbox);
        Own(First, 0, 0, 1);
        Own(Second, 0, 2);
        _with.Outbox.Clear();
    }

    public void Dispose()
    {
        _node.Dispose();
        _replica.Dispose();
    }

    private void Own(WorkerId worker, long item, params int[] lanes) =>
        _node.Handle(new LanesOwned(MachineFixture.Epoch(), item, worker, [.. lanes]));

    private NodeOffer Offer(LaneBlock block, float value = 1, long item = 0, int attempt = 0, long incarnation = 1) =>
        new(MachineFixture.Epoch(incarnation), item, block, _with.Tensor(_with.Run.Layout.ParameterCount, value), attempt);

    private string[] Offered() =>
    [
        .. _with.Outbox.Sent<Offer>().Select(sent => $"{sent.Message.Item}.{sent.Message.Attempt} {sent.Message.Block} shard {sent.Message.Shard} of {Value(sent.Message.Gradient)}"),
    ];

    private void WaitInVain()
    {
        for (var tick = 0; tick < NodeFold.PatientTicks && Offered().Length == 0; tick++)
        {
            _node.Tick();
        }
    }

    private float Value(Ticket ticket)
    {
        if (!_with.Tensors.TryOpen(ticket, out var lease))
        {
            return float.NaN;
        }

        var value = lease.Values[^1];
        Assert.All(lease.Values.ToArray(), each => Assert.Equal(value, each));
        lease.Release();
        return value;
    }

    [Fact]
    public void Offers_one_block_at_once_when_all_that_its_workers_own_is_there_highest_shard_first()
    {
        Own(Second, 0, 2, 3);
        _node.Handle(Offer(Left, 1));
        Assert.Empty(Offered());

        _node.Handle(Offer(new LaneBlock(2, 2), 2));

        Assert.Equal(["0.0 [0,4) shard 1 of 3", "0.0 [0,4) shard 0 of 3"], Offered());
        Assert.All(_with.Outbox.Sent<Offer>(), sent => Assert.Equal((Party.Shard(sent.Message.Shard), _with.Shards.Range(sent.Message.Shard).Count), (sent.To, sent.Message.Gradient.Length)));
    }

    [Fact]
    public void Offers_what_does_not_fold_in_blocks_of_their_own()
    {
        _node.Handle(Offer(Left, 1));
        _node.Handle(Offer(Third, 2));

        Assert.Equal(["0.0 [0,2) shard 1 of 1", "0.0 [0,2) shard 0 of 1", "0.0 [2,3) shard 1 of 2", "0.0 [2,3) shard 0 of 2"], Offered());
    }

    [Fact]
    public void Offers_a_part_when_nothing_more_has_come_for_long_and_a_larger_block_when_the_rest_comes()
    {
        Own(Second, 0, 2, 3);
        _node.Handle(Offer(Left, 1));
        _node.Tick();
        Assert.Empty(Offered());
        WaitInVain();
        var early = _with.Outbox.Sent<Offer>()[0].Message.Gradient;
        Assert.Equal(["0.0 [0,2) shard 1 of 1", "0.0 [0,2) shard 0 of 1"], Offered());
        _with.Outbox.Clear();
        Assert.True(_with.Tensors.TryOpen(early, out var reader));

        _node.Handle(Offer(new LaneBlock(2, 2), 2));

        Assert.Equal(["0.0 [0,4) shard 1 of 3", "0.0 [0,4) shard 0 of 3"], Offered());
        Assert.Equal(1, reader.Values[0]);
        reader.Release();
    }

    [Fact]
    public void Adds_nothing_into_what_it_has_offered()
    {
        Own(Second, 0, 3);
        _node.Handle(Offer(new LaneBlock(0, 1), 1));
        _node.Handle(Offer(new LaneBlock(1, 1), 1));
        WaitInVain();
        var early = _with.Outbox.Sent<Offer>()[0].Message;
        Assert.Equal(Left, early.Block);
        Assert.True(_with.Tensors.TryOpen(early.Gradient, out var reader));

        _node.Handle(Offer(new LaneBlock(2, 2), 4));

        Assert.Equal(2, reader.Values[0]);
        Assert.Equal("0.0 [0,4) shard 0 of 6", Offered()[^1]);
        reader.Release();
    }

    [Fact]
    public void Says_its_blocks_again_after_a_whole_tick_until_a_later_version_is_published()
    {
        _node.Handle(Offer(Left));
        _node.Handle(Offer(Third));
        _with.Outbox.Clear();
        _node.Tick();
        Assert.Empty(Offered());
        _node.Tick();
        Assert.Equal(4, Offered().Length);
        _with.Outbox.Clear();

        _node.Handle(new Published(MachineFixture.Epoch(), 0, 1, _with.Tensor(_with.Shards.Range(0).Count)));
        _node.Tick();
        _node.Tick();

        Assert.Empty(Offered());
    }

    [Fact]
    public void Lets_go_of_a_step_when_a_worker_says_that_it_is_committed_and_takes_nothing_of_it_any_more()
    {
        var held = _with.Tensors.LeasedBuffers;
        _node.Handle(Offer(Left));
        Own(Second, 1, 2);
        Assert.Equal(held + 1, _with.Tensors.LeasedBuffers);

        _node.Handle(Offer(Third));
        _node.Tick();
        Assert.Empty(Offered());

        _node.Handle(Offer(Left, item: 1));
        _node.Handle(Offer(Third, item: 1));
        Assert.Equal(4, Offered().Length);
        Assert.StartsWith("1.0", Offered()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Follows_lanes_that_move_in_the_middle_of_a_step()
    {
        _node.Handle(Offer(Left, 1));
        Own(First, 0, 0, 1);
        Own(Second, 0);

        _node.Handle(Offer(Third, 2));
        Assert.Equal(4, Offered().Length);
        _with.Outbox.Clear();

        Own(Second, 0, 2, 3);
        _node.Handle(Offer(new LaneBlock(3, 1), 3));
        Assert.Equal(["0.0 [0,4) shard 1 of 6", "0.0 [0,4) shard 0 of 6"], Offered());
    }

    [Fact]
    public void Offers_what_it_has_at_the_next_tick_when_the_worker_it_waits_for_is_lost()
    {
        _node.Handle(Offer(Left));
        _node.Handle(new WorkerLost(Second));
        _node.Tick();

        Assert.Equal(2, Offered().Length);
    }

    [Fact]
    public void Does_not_wait_for_a_worker_that_is_lost()
    {
        _node.Handle(new WorkerLost(Second));

        _node.Handle(Offer(Left));

        Assert.Equal(2, Offered().Length);
    }

    [Fact]
    public void Does_not_wait_for_a_worker_whose_last_word_comes_after_the_news_that_it_is_lost()
    {
        _node.Handle(new WorkerLost(Second));
        Own(Second, 0, 2);
        _node.Handle(new AskVersion(MachineFixture.Epoch(), 0, Second));

        _node.Handle(Offer(Left));

        Assert.Equal(2, Offered().Length);
    }

    [Fact]
    public void Begins_anew_with_a_later_attempt_and_takes_nothing_of_an_earlier()
    {
        _node.Handle(Offer(Left, float.NaN));
        _node.Handle(Offer(Left, 1, attempt: 1));
        _node.Handle(Offer(Third, float.NaN));
        Assert.Empty(Offered());

        _node.Handle(Offer(Third, 2, attempt: 1));

        Assert.Equal(["0.1 [0,2) shard 1 of 1", "0.1 [0,2) shard 0 of 1", "0.1 [2,3) shard 1 of 2", "0.1 [2,3) shard 0 of 2"], Offered());
    }

    [Fact]
    public void Forgets_everything_for_a_newer_life_and_tells_an_older_one()
    {
        _node.Handle(Offer(Left));
        var held = _with.Tensors.LeasedBuffers;
        _node.Handle(Offer(Left, incarnation: 0));
        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.Only<Stale>().Current);

        _node.Handle(Offer(Third, incarnation: 2));

        Assert.Equal(["0.0 [2,3) shard 1 of 1", "0.0 [2,3) shard 0 of 1"], Offered());
        Assert.Equal(held + 2, _with.Tensors.LeasedBuffers);
    }

    [Theory]
    [InlineData(1, 2, 0)] // not aligned
    [InlineData(2, 4, 0)] // beyond the lanes
    [InlineData(0, 2, 3)] // a validation
    [InlineData(0, 2, 999)] // beyond the plan
    public void Drops_what_is_no_node_of_a_steps_tree(int first, int count, long item)
    {
        _node.Handle(Offer(new LaneBlock(first, count), item: item));
        _node.Handle(Offer(Left) with { Gradient = _with.Tensor(7) });
        _node.Tick();

        Assert.Empty(Offered());
    }

    [Fact]
    public void Tells_its_workers_to_give_it_their_sums_when_there_are_several()
    {
        _node.Handle(new AskVersion(MachineFixture.Epoch(), 0, First));
        for (var shard = 0; shard < 2; shard++)
        {
            _node.Handle(new Published(MachineFixture.Epoch(), shard, 0, _with.Tensor(_with.Shards.Range(shard).Count)));
        }

        Assert.Equal(2, _with.Outbox.Sent<VersionWhole>().Count);
        Assert.All(_with.Outbox.Sent<VersionWhole>(), sent => Assert.True(sent.Message.Folds));
        _with.Outbox.Clear();
        _node.Handle(new WorkerLost(Second));
        _node.Handle(new AskVersion(MachineFixture.Epoch(), 0, First));
        Assert.False(_with.Outbox.Only<VersionWhole>().Folds);
    }
}
