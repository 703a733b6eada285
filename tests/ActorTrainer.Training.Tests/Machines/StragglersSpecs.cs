using System.Collections.Immutable;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Tests.Machines;

/// <summary>P7 in the barrier: whom a step waits for, and who computes a late owner's lanes too. Ten ticks are a second.</summary>
public sealed class StragglersSpecs
{
    private static readonly WorkerId Quick = new("quick");
    private static readonly WorkerId Slow = new("slow");
    private readonly MachineFixture _with = new();
    private readonly StepBarrier _barrier;

    public StragglersSpecs()
    {
        _barrier = _with.Barrier();
        Assign(1, new LaneOwner(Quick, new NodeId("a"), [0, 1]), new LaneOwner(Slow, new NodeId("b"), [2, 3]));
    }

    private void Assign(long generation, params ImmutableArray<LaneOwner> owners)
    {
        _barrier.Handle(new Assign(MachineFixture.Epoch(), generation, owners));
        _with.Outbox.Clear();
    }

    private void Report(WorkerId worker, params int[] lanes) =>
        _barrier.Handle(_with.Report(_barrier.Item, lanes) with { Worker = worker, Generation = 1 });

    private void Tick(int ticks)
    {
        for (var tick = 0; tick < ticks; tick++)
        {
            _barrier.Tick();
        }
    }

    private void Step(int quickTicks, int slowTicks)
    {
        Tick(quickTicks);
        Report(Quick, 0, 1);
        Tick(slowTicks - quickTicks);
        Report(Slow, 2, 3);
        var item = _barrier.Item;
        _barrier.Handle(_with.Whole(0, item));
        _barrier.Handle(_with.Whole(1, item));
        _barrier.Handle(new Applied(MachineFixture.Epoch(), item, 0));
        _barrier.Handle(new Applied(MachineFixture.Epoch(), item, 1));
    }

    /// <summary>Steps up to the item, of so many ticks each.</summary>
    private void RunTo(long item, int quickTicks, int slowTicks)
    {
        while (_barrier.Item < item)
        {
            if (_with.Run.Plan[_barrier.Item].IsTraining)
            {
                Step(quickTicks, slowTicks);
            }
            else
            {
                Report(Quick, 0, 1);
                Report(Slow, 2, 3);
            }
        }

        _with.Outbox.Clear();
    }

    // The seventh step: six are measured by then.
    private const long Measured = 10;

    [Fact]
    public void Tells_the_job_a_second_after_the_usual_time_for_whom_the_step_waits_and_then_every_second()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 4);
        Tick(1);
        Report(Quick, 0, 1);
        Report(Slow, 3);

        Tick(12);
        Assert.Empty(_with.Outbox.Sent<LanesLate>());
        Tick(1);

        var late = _with.Outbox.Only<LanesLate>();
        Assert.Equal((Measured, 0), (late.Item, late.Shards.Length));
        var worker = Assert.Single(late.Workers);
        Assert.Equal((Slow, new NodeId("b"), 1), (worker.Worker, worker.Node, worker.Seconds));
        Assert.Equal<int>([2], worker.Lanes);
        _with.Outbox.Clear();
        Tick(20);
        Assert.Equal([2, 3], _with.Outbox.Sent<LanesLate>().Select(sent => sent.Message.Workers[0].Seconds).Distinct());
    }

    [Fact]
    public void Tells_the_job_within_two_seconds_for_whom_its_first_step_waits()
    {
        Report(Quick, 0, 1);

        Tick(20);

        Assert.Equal(Slow, Assert.Single(_with.Outbox.Sent<LanesLate>()[0].Message.Workers).Worker);
    }

    [Fact]
    public void Says_nobody_once_everybody_is_there()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 1);
        Report(Quick, 0, 1);
        Tick(11);
        Assert.NotEmpty(_with.Outbox.Sent<LanesLate>());
        _with.Outbox.Clear();

        Report(Slow, 2, 3);
        Tick(1);

        Assert.Empty(_with.Outbox.Only<LanesLate>().Workers);
    }

    [Fact]
    public void Takes_the_slowest_others_usual_time_for_a_node_that_is_new()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 5);
        Assign(2, new LaneOwner(Slow, new NodeId("b"), [0, 1]), new LaneOwner(new WorkerId("new"), new NodeId("c"), [2, 3]));
        Report(Slow, 0, 1);

        Tick(14);
        Assert.Empty(_with.Outbox.Sent<LanesLate>());
        Tick(1);
        Assert.Equal(new NodeId("c"), Assert.Single(_with.Outbox.Only<LanesLate>().Workers).Node);
    }

    [Fact]
    public void Gives_missing_lanes_at_the_nodes_own_deadline_to_an_idle_worker_of_another_node()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 6);
        Report(Quick, 0, 1);
        Report(Slow, 2);

        Tick(17);
        Assert.Empty(_with.Outbox.Sent<CopyLanes>());
        Tick(2);

        var copies = _with.Outbox.Sent<CopyLanes>();
        Assert.Equal(2, copies.Count);
        Assert.All(copies, copy => Assert.Equal((Party.Worker(Quick), Measured, 0), (copy.To, copy.Message.Item, copy.Message.Attempt)));
        Assert.All(copies, copy => Assert.Equal<int>([3], copy.Message.Lanes));
        Assert.Equal(1, _barrier.LanesCopied);
        Assert.Equal(Quick, _with.Outbox.Sent<LanesLate>()[^1].Message.Workers[0].Copier);
    }

    [Fact]
    public void Takes_the_lanes_of_whoever_is_first_and_asks_nobody_any_more()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 1);
        Report(Quick, 0, 1);
        Tick(10);
        _with.Outbox.Clear();

        Report(Quick, 2, 3);
        _barrier.Handle(_with.Whole(0, Measured));
        _barrier.Handle(_with.Whole(1, Measured));

        Assert.Equal(2, _with.Outbox.Sent<Commit>().Count);
        Tick(1);
        Assert.Empty(_with.Outbox.Sent<CopyLanes>());
    }

    [Fact]
    public void Waits_a_minute_until_five_steps_are_measured()
    {
        Report(Quick, 0, 1);

        Tick(599);
        Assert.Empty(_with.Outbox.Sent<CopyLanes>());
        Tick(1);
        Assert.Single(_with.Outbox.Sent<CopyLanes>());
    }

    [Fact]
    public void Makes_one_copy_at_most_and_none_on_the_same_node_or_a_busy_worker()
    {
        var neighbour = new WorkerId("neighbour");
        Assign(
            2,
            new LaneOwner(Quick, new NodeId("a"), [0]),
            new LaneOwner(neighbour, new NodeId("b"), [1]),
            new LaneOwner(Slow, new NodeId("b"), [2]),
            new LaneOwner(new WorkerId("slow too"), new NodeId("c"), [3]));
        Report(neighbour, 1);
        Tick(600);
        Assert.Equal([Party.Worker(neighbour)], _with.Outbox.Sent<CopyLanes>().Select(copy => copy.To).Distinct());
        Assert.All(_with.Outbox.Sent<CopyLanes>(), copy => Assert.NotEqual<int>([2], copy.Message.Lanes));
        _with.Outbox.Clear();

        Report(Quick, 0);
        Tick(3);

        Assert.Equal(
            ["neighbour", "quick"],
            _with.Outbox.Sent<CopyLanes>().Select(copy => copy.To.Name!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(6, _with.Outbox.Sent<CopyLanes>().Count);
    }

    [Fact]
    public void Chooses_a_worker_that_owns_no_lanes_before_one_that_has_done_its_own()
    {
        Assign(
            2,
            new LaneOwner(Quick, new NodeId("a"), [0, 1]),
            new LaneOwner(Slow, new NodeId("b"), [2, 3]),
            new LaneOwner(new WorkerId("spare"), new NodeId("c"), []));
        Report(Quick, 0, 1);

        Tick(600);

        Assert.Equal("spare", Assert.Single(_with.Outbox.Sent<CopyLanes>()).To.Name);
    }

    [Fact]
    public void Begins_to_count_anew_when_the_lanes_are_dealt_anew()
    {
        Report(Quick, 0, 1);
        Tick(599);
        Assign(2, new LaneOwner(Quick, new NodeId("a"), [0, 1]), new LaneOwner(Slow, new NodeId("b"), [2, 3]));

        Tick(599);

        Assert.Empty(_with.Outbox.Sent<CopyLanes>());
        Tick(1);
        Assert.Single(_with.Outbox.Sent<CopyLanes>());
    }

    [Fact]
    public void Counts_a_lane_that_a_shard_misses_though_it_was_reported()
    {
        RunTo(Measured, quickTicks: 1, slowTicks: 1);
        Report(Quick, 0, 1);
        Report(Slow, 2, 3);
        _barrier.Handle(_with.Whole(0, Measured));
        _barrier.Handle(new ShardMisses(MachineFixture.Epoch(), Measured, 1, [new LaneBlock(2, 2)]));
        _barrier.Handle(new ShardMisses(MachineFixture.Epoch(), Measured, 0, [new LaneBlock(0, 1)]));

        Tick(11);

        Assert.Equal((Slow, 1), (_with.Outbox.Sent<LanesLate>()[0].Message.Workers.Single().Worker, _with.Outbox.Sent<LanesLate>().Count));
        Assert.Equal<int>([2, 3], _with.Outbox.Sent<CopyLanes>()[0].Message.Lanes);
    }

    [Fact]
    public void Names_a_shard_that_says_nothing_though_all_lanes_are_there()
    {
        Report(Quick, 0, 1);
        Report(Slow, 2, 3);
        _barrier.Handle(_with.Whole(0, 0));

        Tick(10);

        var late = _with.Outbox.Only<LanesLate>();
        Assert.Empty(late.Workers);
        Assert.Equal(new LateShard(1, 1), Assert.Single(late.Shards));
    }

    [Fact]
    public void Names_a_shard_that_does_not_apply_a_step_for_which_the_next_one_waits()
    {
        Report(Quick, 0, 1);
        Report(Slow, 2, 3);
        _barrier.Handle(_with.Whole(0, 0));
        _barrier.Handle(_with.Whole(1, 0));
        _barrier.Handle(new Applied(MachineFixture.Epoch(), 0, 1));

        Tick(10);

        var late = _with.Outbox.Only<LanesLate>();
        Assert.Equal(1, late.Item);
        Assert.Equal(new LateShard(0, 1), Assert.Single(late.Shards));
        _barrier.Handle(new Applied(MachineFixture.Epoch(), 0, 0));
        _with.Outbox.Clear();
        Tick(1);
        Assert.Empty(_with.Outbox.Only<LanesLate>().Shards);
    }
}
