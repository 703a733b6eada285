using System.Collections.Immutable;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class WorkerSpecs : IDisposable
{
    private static readonly WorkerId Id = new("w");
    private static readonly NodeId NodeId = new("n");
    private readonly MachineFixture _with = new();
    private readonly WeightsReplica _replica;
    private readonly LaneComputer _computer;
    private readonly Worker _worker;

    public WorkerSpecs()
    {
        _replica = new WeightsReplica(_with.Run.Network);
        _computer = new LaneComputer(_with.Run, _with.Tensors, VectorWidths.Widest);
        _worker = new Worker(_with.Run, _with.Shards, Id, NodeId, _replica, _with.Tensors, _with.Outbox);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _replica.Dispose();
        _computer.Dispose();
    }

    private static AssignLanes Assign(long generation, long item, params int[] lanes) =>
        new(MachineFixture.Epoch(), generation, item, [.. lanes]);

    private static ItemCommitted Committed(long item) => new(MachineFixture.Epoch(), item);

    private void Whole(long version, long incarnation = 1)
    {
        _replica.Finish(_replica.TryBegin()!, MachineFixture.Epoch(incarnation), version);
        _worker.Handle(new VersionWhole(MachineFixture.Epoch(incarnation), version));
    }

    private ComputeOrder TakeOrder()
    {
        var order = _with.Outbox.OnlyEffect<ComputeOrder>();
        _with.Outbox.Clear();
        return order;
    }

    private void Compute() => _worker.Handle(_computer.Compute(TakeOrder()));

    [Fact]
    public void Asks_its_node_for_the_version_and_computes_when_it_is_whole()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2));
        Assert.Equal(0, _with.Outbox.Only<AskVersion>().Version);
        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());

        Whole(0);

        var order = _with.Outbox.OnlyEffect<ComputeOrder>();
        Assert.Equal<int>([0, 1, 2], order.Lanes);
        Assert.Equal<LaneBlock>([new LaneBlock(0, 2), new LaneBlock(2, 1)], order.Blocks);
        Assert.All(order.States, state => Assert.False(state.IsHeld));
    }

    [Fact]
    public void Offers_every_block_to_every_shard_and_reports_to_the_barrier_until_the_commit()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2));
        Whole(0);
        Compute();

        Assert.Equal(4, _with.Outbox.Sent<Offer>().Count);
        Assert.Equal([0, 1, 2], _with.Outbox.Only<LanesReported>().Lanes.Select(lane => lane.Lane));
        Assert.All(_with.Outbox.Sent<Offer>(), offer => Assert.Equal(_with.Shards.Range(offer.Message.Shard).Count, offer.Message.Gradient.Length));
        _worker.Tick();
        Assert.Equal(4, _with.Outbox.Sent<Offer>().Count);
        _worker.Tick();
        Assert.Equal(8, _with.Outbox.Sent<Offer>().Count);
        Assert.Equal(2, _with.Outbox.Sent<LanesReported>().Count);

        _worker.Handle(Committed(0));
        _with.Outbox.Clear();
        _worker.Tick();
        _worker.Tick();
        Assert.Empty(_with.Outbox.Sent<Offer>());
    }

    [Fact]
    public void Takes_the_version_that_its_step_made_for_the_commit()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2));
        Whole(0);
        Compute();

        Whole(1);

        Assert.Equal(1, _worker.Item);
        _with.Outbox.Clear();
        _worker.Tick();
        _worker.Tick();
        Assert.Empty(_with.Outbox.Sent<Offer>());
    }

    [Fact]
    public void Offers_to_its_node_where_the_node_folds_and_tells_it_which_lanes_are_its_own()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2));
        Assert.Equal<int>([0, 1, 2], _with.Outbox.Only<LanesOwned>().Lanes);
        _replica.Finish(_replica.TryBegin()!, MachineFixture.Epoch(), 0);
        _worker.Handle(new VersionWhole(MachineFixture.Epoch(), 0, Folds: true));
        Compute();

        Assert.Empty(_with.Outbox.Sent<Offer>());
        Assert.All(_with.Outbox.Sent<NodeOffer>(), sent => Assert.Equal((Party.Node(NodeId), _with.Run.Layout.ParameterCount), (sent.To, sent.Message.Gradient.Length)));
        Assert.Equal([new LaneBlock(0, 2), new LaneBlock(2, 1)], _with.Outbox.Sent<NodeOffer>().Select(sent => sent.Message.Block));
        _with.Outbox.Clear();
        _worker.Tick();
        Assert.Empty(_with.Outbox.Sent<NodeOffer>());
        Assert.Equal(0, _with.Outbox.Only<LanesOwned>().Item);
        _worker.Tick();
        Assert.Equal(2, _with.Outbox.Sent<NodeOffer>().Count);
        _with.Outbox.Clear();

        _worker.Handle(Assign(0, 0, 0, 1, 2));
        Assert.Empty(_with.Outbox.Sent<LanesOwned>());
        _worker.Handle(Assign(1, 0, 1));
        Assert.Equal<int>([1], _with.Outbox.Only<LanesOwned>().Lanes);
    }

    [Fact]
    public void Offers_to_the_highest_shard_first()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();

        Assert.Equal([1, 0], _with.Outbox.Sent<Offer>().Select(offer => offer.Message.Shard));
    }

    [Fact]
    public void Goes_on_with_its_own_states_and_releases_the_rest()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2, 3));
        Whole(0);
        Compute();
        Assert.Equal(1 + 4, _with.Tensors.LeasedBuffers);
        _worker.Handle(Committed(0));
        Assert.Equal(4, _with.Tensors.LeasedBuffers);
        _with.Outbox.Clear();

        Whole(1);

        Assert.All(TakeOrder().States, state => Assert.True(state.IsHeld));
        Assert.Empty(_with.Outbox.Sent<AskLaneStates>());
    }

    [Fact]
    public void Computes_again_for_a_later_attempt_from_states_that_it_asks_for()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();
        _worker.Handle(Committed(0));
        Whole(1);
        Compute();
        _with.Outbox.Clear();

        _worker.Handle(Assign(0, 1, 0, 1) with { Attempt = 1 });

        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());
        Assert.Equal<int>([0, 1], _with.Outbox.Only<AskLaneStates>().Lanes);
        _worker.Handle(new LaneStates(MachineFixture.Epoch(), 1, [new LaneState(0, _with.Tensor(16)), new LaneState(1, _with.Tensor(16))], 1));
        Compute();
        Assert.All(_with.Outbox.Sent<Offer>(), offer => Assert.Equal((1L, 1), (offer.Message.Item, offer.Message.Attempt)));
        Assert.Equal(1, _with.Outbox.Only<LanesReported>().Attempt);
        _with.Outbox.Clear();

        _worker.Handle(Assign(0, 1, 0, 1, 2));
        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Says_that_its_own_numbers_were_not_finite_while_it_computes_again()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        var computed = _computer.Compute(TakeOrder());
        computed.Gradients[0].Values[3] = float.PositiveInfinity;
        _worker.Handle(computed);

        _worker.Handle(Assign(0, 0, 2) with { Attempt = 1 });

        Assert.Equal((0, NodeId), (_with.Outbox.Only<ResultsNotFinite>().Item, _with.Outbox.Only<ResultsNotFinite>().Node));
        _worker.Tick();
        Assert.Equal(2, _with.Outbox.Sent<ResultsNotFinite>().Count);
        _worker.Handle(Committed(0) with { Attempt = 1 });
        _with.Outbox.Clear();
        _worker.Tick();
        Assert.Empty(_with.Outbox.Sent<ResultsNotFinite>());
    }

    [Fact]
    public void Says_nothing_of_its_numbers_when_they_were_finite()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();

        _worker.Handle(Assign(0, 0, 2) with { Attempt = 1 });
        _worker.Tick();

        Assert.Empty(_with.Outbox.Sent<ResultsNotFinite>());
    }

    [Fact]
    public void Offers_nothing_of_an_order_of_an_earlier_attempt()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        var order = TakeOrder();
        _worker.Handle(Assign(0, 0, 0, 1) with { Attempt = 1 });

        _worker.Handle(_computer.Compute(order));

        Assert.Empty(_with.Outbox.Sent<Offer>());
        Assert.Equal(1, TakeOrder().Attempt);
    }

    [Fact]
    public void Asks_the_barrier_for_states_it_does_not_have()
    {
        _worker.Handle(Assign(0, 1, 2, 3));
        Whole(1);
        Assert.Equal<int>([2, 3], _with.Outbox.Only<AskLaneStates>().Lanes);

        _worker.Handle(new LaneStates(MachineFixture.Epoch(), 1, [new LaneState(2, _with.Tensor(16)), new LaneState(3, new Ticket(MachineFixture.Node, 999, 0, 16))]));
        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());
        _worker.Tick();
        _worker.Tick();
        Assert.Equal<int>([3], _with.Outbox.Sent<AskLaneStates>()[1].Message.Lanes);

        _worker.Handle(new LaneStates(MachineFixture.Epoch(), 1, [new LaneState(3, _with.Tensor(16))]));
        Assert.Equal<int>([2, 3], TakeOrder().Lanes);
    }

    [Fact]
    public void Computes_only_what_a_new_generation_adds_to_the_item_it_has_done()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();
        _with.Outbox.Clear();

        _worker.Handle(Assign(1, 0, 0, 1, 2, 3));

        var order = _with.Outbox.OnlyEffect<ComputeOrder>();
        Assert.Equal<int>([2, 3], order.Lanes);
        _with.Outbox.Clear();
        _worker.Handle(_computer.Compute(order));
        Assert.Equal([2, 3], _with.Outbox.Only<LanesReported>().Lanes.Select(lane => lane.Lane));
        _worker.Tick();
        _worker.Tick();
        Assert.Equal(4, _with.Outbox.Sent<LanesReported>()[1].Message.Lanes.Length);
    }

    [Fact]
    public void Finishes_what_it_computes_before_it_follows_a_new_generation()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        var order = TakeOrder();

        _worker.Handle(Assign(1, 0, 2));
        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());
        _worker.Handle(_computer.Compute(order));

        Assert.Equal([0, 1], _with.Outbox.Only<LanesReported>().Lanes.Select(lane => lane.Lane));
        Assert.Equal<int>([2], _with.Outbox.OnlyEffect<ComputeOrder>().Lanes);
    }

    [Fact]
    public void Computes_the_lanes_of_a_late_owner_too_but_for_that_item_only()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();
        _with.Outbox.Clear();

        _worker.Handle(new CopyLanes(MachineFixture.Epoch(), 0, [3]));
        _worker.Handle(new CopyLanes(MachineFixture.Epoch(), 0, [3]));

        Assert.Equal<int>([3], _with.Outbox.OnlyEffect<ComputeOrder>().Lanes);
        Compute();
        Assert.Equal([3], _with.Outbox.Only<LanesReported>().Lanes.Select(lane => lane.Lane));
        Assert.Equal([new LaneBlock(3, 1)], _with.Outbox.Sent<Offer>().Select(offer => offer.Message.Block).Distinct());
        _worker.Handle(Committed(0));
        _with.Outbox.Clear();
        Whole(1);
        Assert.Equal<int>([0, 1], TakeOrder().Lanes);
        _worker.Handle(new CopyLanes(MachineFixture.Epoch(), 0, [2]));
        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());
    }

    [Fact]
    public void Asks_for_the_states_of_lanes_that_it_copies()
    {
        _worker.Handle(Assign(0, 0, 0, 1));
        Whole(0);
        Compute();
        _worker.Handle(Committed(0));
        Whole(1);
        Compute();
        _with.Outbox.Clear();

        _worker.Handle(new CopyLanes(MachineFixture.Epoch(), 1, [2]));

        Assert.Equal<int>([2], _with.Outbox.Only<AskLaneStates>().Lanes);
        _worker.Handle(new LaneStates(MachineFixture.Epoch(), 1, [new LaneState(2, _with.Tensor(16))]));
        Assert.Equal<int>([2], _with.Outbox.OnlyEffect<ComputeOrder>().Lanes);
    }

    [Fact]
    public void Ignores_an_older_generation()
    {
        _worker.Handle(Assign(5, 0, 0));
        _worker.Handle(Assign(4, 0, 1, 2, 3));
        Whole(0);

        Assert.Equal<int>([0], _with.Outbox.OnlyEffect<ComputeOrder>().Lanes);
    }

    [Fact]
    public void Drops_a_result_of_an_item_that_was_committed_meanwhile_but_keeps_its_states()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2, 3));
        Whole(0);
        var order = TakeOrder();
        _worker.Handle(Committed(0));
        Whole(1);

        _worker.Handle(_computer.Compute(order));

        Assert.Empty(_with.Outbox.Sent<Offer>());
        Assert.Equal(1, TakeOrder().Item.Number);
    }

    [Fact]
    public void Forgets_everything_for_a_newer_life_and_tells_an_older_one()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2, 3));
        Whole(0);
        Compute();
        _worker.Handle(Committed(0) with { Epoch = MachineFixture.Epoch(0) });
        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.Only<Stale>().Current);
        _with.Outbox.Clear();

        _worker.Handle(new Stale(MachineFixture.Epoch(2)));

        Assert.Equal(0, _with.Tensors.LeasedBuffers);
        _worker.Tick();
        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Releases_a_result_that_comes_after_its_life()
    {
        _worker.Handle(Assign(0, 0, 0, 1, 2, 3));
        Whole(0);
        var order = TakeOrder();
        _worker.Handle(Assign(0, 0, 0) with { Epoch = MachineFixture.Epoch(2) });

        _worker.Handle(_computer.Compute(order));

        Assert.Equal(0, _with.Tensors.LeasedBuffers);
        Assert.Empty(_with.Outbox.Sent<Offer>());
    }

    [Fact]
    public void Computes_no_gradient_in_a_validation()
    {
        _worker.Handle(Assign(0, 3, 0, 1, 2, 3));
        Whole(3);

        Assert.Empty(_with.Outbox.OnlyEffect<ComputeOrder>().Blocks);
        Compute();
        Assert.Empty(_with.Outbox.Sent<Offer>());
        Assert.Equal(4, _with.Outbox.Only<LanesReported>().Lanes.Length);
    }

    [Fact]
    public void Never_computes_from_another_version()
    {
        _worker.Handle(Assign(0, 0, 0));
        _replica.Finish(_replica.TryBegin()!, MachineFixture.Epoch(), 1);
        _worker.Tick();
        _worker.Tick();

        Assert.Empty(_with.Outbox.Effects<ComputeOrder>());
        Assert.Equal(2, _with.Outbox.Sent<AskVersion>().Count);
    }

    [Fact]
    public void Does_nothing_after_the_last_item()
    {
        _worker.Handle(Assign(0, 0, 0));
        _worker.Handle(Committed(_with.Run.Plan.Items - 1));
        _with.Outbox.Clear();

        Whole(8);
        _worker.Tick();

        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Reports_in_pages_and_only_lanes_that_have_rows()
    {
        ImmutableArray<int> lanes = [0, 1, 2, 3];
        Assert.All(lanes, lane => Assert.False(_with.Run.Lanes.IsEmpty(lane, 4)));
        Assert.Equal<LaneBlock>([new LaneBlock(0, 4)], GradientBlocks.Of(_with.Run.Lanes, present: 2, [0, 1]));
        Assert.Equal<LaneBlock>([new LaneBlock(0, 1)], GradientBlocks.Of(_with.Run.Lanes, present: 4, [0]));
    }
}
