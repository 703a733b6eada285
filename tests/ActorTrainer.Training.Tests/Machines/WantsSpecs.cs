using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Tests.Machines;

/// <summary>What a core would fetch from another process if it were asked now; asking changes nothing.</summary>
public sealed class WantsSpecs
{
    private static readonly WorkerId Worker = new("w");
    private static readonly LaneBlock Left = new(0, 2);
    private static readonly LaneBlock Right = new(2, 2);
    private readonly MachineFixture _with = new();

    [Fact]
    public void A_shard_wants_a_block_until_its_lanes_are_covered()
    {
        using var shard = _with.Shard();
        Assert.True(shard.Wants(_with.Offer(0, Left)));

        shard.Handle(_with.Offer(0, new LaneBlock(0, 1)));
        Assert.True(shard.Wants(_with.Offer(0, Left)));
        Assert.False(shard.Wants(_with.Offer(0, new LaneBlock(0, 1))));

        shard.Handle(_with.Offer(0, Left));
        Assert.False(shard.Wants(_with.Offer(0, Left)));
        Assert.True(shard.Wants(_with.Offer(0, new LaneBlock(0, 4))));

        shard.Handle(_with.Offer(0, Right));
        Assert.False(shard.Wants(_with.Offer(0, new LaneBlock(0, 4))));
    }

    [Fact]
    public void A_shard_wants_nothing_of_another_item_shard_or_life_and_no_tensor_of_the_wrong_length()
    {
        using var shard = _with.Shard();
        var offer = _with.Offer(0, Left);

        Assert.False(shard.Wants(offer with { Item = 1 }));
        Assert.False(shard.Wants(offer with { Shard = 1 }));
        Assert.False(shard.Wants(offer with { Block = new LaneBlock(1, 2) }));
        Assert.False(shard.Wants(offer with { Gradient = _with.Tensor(7) }));
        Assert.False(shard.Wants(offer with { Epoch = MachineFixture.Epoch(0) }));
        Assert.False(shard.Wants(offer with { Epoch = MachineFixture.Epoch(2) }));
        Assert.False(shard.Wants(new AskWeights(MachineFixture.Epoch(), 0, new NodeId("n"))));
    }

    [Fact]
    public void A_shard_wants_what_it_covers_again_for_a_later_attempt()
    {
        using var shard = _with.Shard();
        shard.Handle(_with.Offer(0, new LaneBlock(0, 4)));
        Assert.False(shard.Wants(_with.Offer(0, Left)));

        Assert.True(shard.Wants(_with.Offer(0, Left) with { Attempt = 1 }));

        shard.Handle(_with.Offer(0, Left) with { Attempt = 1 });
        Assert.False(shard.Wants(_with.Offer(0, Right)));
    }

    [Fact]
    public void A_shard_that_loads_or_has_ended_wants_nothing()
    {
        var shard = new ParameterShard(_with.Run, _with.Shards, MachineFixture.Epoch(), 0, _with.Tensors, _with.Outbox);
        Assert.False(shard.Wants(_with.Offer(0, Left)));

        shard.LoadInitial();
        shard.Handle(new Stale(MachineFixture.Epoch(2)));

        Assert.False(shard.Wants(_with.Offer(0, Left)));
        Assert.True(_with.Outbox.OnlyEffect<Effect.StopSelf>().Newer.IsNewerThan(MachineFixture.Epoch()));
    }

    [Fact]
    public void The_barrier_wants_lanes_of_which_it_misses_at_least_one()
    {
        using var barrier = _with.Barrier();
        Assert.True(barrier.Wants(_with.Report(0, 0, 1)));

        barrier.Handle(_with.Report(0, 0, 1));

        Assert.False(barrier.Wants(_with.Report(0, 0, 1)));
        Assert.True(barrier.Wants(_with.Report(0, 1, 2)));
        Assert.False(barrier.Wants(_with.Report(0, 2) with { Attempt = 1 }));
        Assert.False(barrier.Wants(_with.Report(0, 2) with { Epoch = MachineFixture.Epoch(2) }));
        Assert.False(barrier.Wants(_with.Report(1, 2)));
        Assert.False(barrier.Wants(_with.Report(0, 2) with { Lanes = [_with.Result(2) with { State = null }] }));
    }

    [Fact]
    public void The_barrier_wants_the_next_item_once_the_last_is_committed_and_nothing_of_the_last()
    {
        using var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 2, 3));
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));

        Assert.False(barrier.Wants(_with.Report(0, 0)));
        Assert.True(barrier.Wants(_with.Report(1, 0)));
        Assert.Equal(0, barrier.Item);

        barrier.Handle(_with.Report(1, 0));
        Assert.Equal(1, barrier.Item);
        Assert.False(barrier.Wants(_with.Report(1, 0)));
    }

    [Fact]
    public void A_worker_wants_the_states_of_its_item_that_it_does_not_know()
    {
        using var replica = new WeightsReplica(_with.Run.Network);
        using var worker = new Worker(_with.Run, _with.Shards, Worker, new NodeId("n"), replica, _with.Tensors, _with.Outbox);
        var states = new LaneStates(MachineFixture.Epoch(), 1, [new LaneState(2, _with.Tensor(16)), new LaneState(3, null)]);
        Assert.True(worker.Wants(states));
        worker.Handle(new AssignLanes(MachineFixture.Epoch(), 0, 1, [2, 3]));
        Assert.True(worker.Wants(states));
        Assert.False(worker.Wants(states with { Item = 0 }));

        worker.Handle(states);

        Assert.False(worker.Wants(states));
        Assert.True(worker.Wants(states with { Attempt = 1 }));
        Assert.True(worker.Wants(states with { Epoch = MachineFixture.Epoch(2) }));
        Assert.False(worker.Wants(states with { Epoch = MachineFixture.Epoch(0) }));
        Assert.True(worker.Wants(states with { Item = 2 }));
        Assert.False(worker.Wants(states with { Item = _with.Run.Plan.Items }));
        worker.Handle(new ItemCommitted(MachineFixture.Epoch(), 1));
        Assert.False(worker.Wants(states));
    }

    [Fact]
    public void A_node_wants_each_part_of_a_version_once_and_none_that_is_older()
    {
        using var replica = new WeightsReplica(_with.Run.Network);
        using var node = new WorkerNode(_with.Run, _with.Shards, new NodeId("n"), replica, _with.Tensors, _with.Outbox);
        node.Handle(new AskVersion(MachineFixture.Epoch(), 0, Worker));
        Assert.True(node.Wants(Part(0, 0)));

        node.Handle(Part(0, 0));
        Assert.False(node.Wants(Part(0, 0)));
        Assert.True(node.Wants(Part(1, 0)));
        Assert.True(node.Wants(Part(0, 1)));
        Assert.False(node.Wants(Part(2, 0) with { Weights = _with.Tensor(7) }));
        Assert.False(node.Wants(Part(1, 0) with { Weights = _with.Tensor(7) }));

        node.Handle(Part(1, 0));
        Assert.False(node.Wants(Part(1, 0)));
        node.Handle(Part(0, 1));
        Assert.False(node.Wants(Part(1, 0)));
        Assert.True(node.Wants(Part(1, 1)));
        Assert.False(node.Wants(Part(1, 1) with { Epoch = MachineFixture.Epoch(0) }));
        Assert.True(node.Wants(Part(0, 0) with { Epoch = MachineFixture.Epoch(2) }));
    }

    [Fact]
    public void A_node_wants_no_part_that_waits_for_a_straggler()
    {
        using var replica = new WeightsReplica(_with.Run.Network);
        using var node = new WorkerNode(_with.Run, _with.Shards, new NodeId("n"), replica, _with.Tensors, _with.Outbox);
        node.Handle(new AskVersion(MachineFixture.Epoch(), 0, Worker));
        for (var version = 0; version < 2; version++)
        {
            node.Handle(Part(0, version));
            node.Handle(Part(1, version));
        }

        Assert.True(replica.TryLease(MachineFixture.Epoch(), 0, out var straggler));
        node.Handle(Part(0, 2));

        Assert.False(node.Wants(Part(0, 2)));
        Assert.True(node.Wants(Part(1, 2)));
        straggler.Release();
    }

    private Published Part(int shard, long version) =>
        new(MachineFixture.Epoch(), shard, version, _with.Tensor(_with.Shards.Range(Math.Min(shard, 1)).Count));
}
