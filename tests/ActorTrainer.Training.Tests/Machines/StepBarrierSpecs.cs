using System.Collections.Immutable;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class StepBarrierSpecs
{
    private static readonly WorkerId Worker = new("w");
    private readonly MachineFixture _with = new();

    private static CheckpointSettled Settled(long item, bool recorded = true) => new(MachineFixture.Epoch(), item, recorded);

    [Fact]
    public void Commits_when_every_lane_is_reported_and_every_shard_is_whole_and_not_before()
    {
        var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 3));
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));
        barrier.Handle(_with.Whole(1, 0));
        Assert.Empty(_with.Outbox.Sent<Commit>());

        barrier.Handle(_with.Report(0, 2));

        Assert.Equal([Party.Shard(0), Party.Shard(1)], _with.Outbox.Sent<Commit>().Select(sent => sent.To));
        var report = Assert.Single(_with.Outbox.Only<ItemsReported>().Items);
        Assert.Equal((8.0, 16.0), (report.Sums.Loss, report.Sums.Weight));
        Assert.Equal(Math.Sqrt(_with.Shards.BlockCount) / 16, report.Norm);
        Assert.Equal(1f / 16, _with.Outbox.Sent<Commit>()[0].Message.Factor);
    }

    [Fact]
    public void Holds_the_carried_states_off_the_worker_and_gives_them_to_whoever_asks()
    {
        var barrier = _with.Barrier();
        var reported = _with.Report(0, 0, 1, 2, 3);
        barrier.Handle(reported);
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));

        barrier.Handle(new AskLaneStates(MachineFixture.Epoch(), 1, new WorkerId("new"), [2, 0]));

        var states = _with.Outbox.Only<LaneStates>();
        Assert.Equal((1, 2), (states.Item, states.States.Length));
        Assert.NotEqual(reported.Lanes[2].State, states.States[0].State);
        Assert.True(_with.Tensors.TryOpen(states.States[0].State!.Value, out var lease));
        Assert.All(lease.Values.ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    public void Gives_no_states_of_an_item_that_is_not_reached()
    {
        var barrier = _with.Barrier();

        barrier.Handle(new AskLaneStates(MachineFixture.Epoch(), 1, Worker, [0]));

        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Opens_the_next_item_when_every_shard_has_applied_and_repeats_the_commit_until_then()
    {
        var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 2, 3));
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));
        barrier.Handle(new Applied(MachineFixture.Epoch(), 0, 1));
        _with.Outbox.Clear();

        barrier.Tick();
        Assert.Empty(_with.Outbox.Sent<Commit>());
        barrier.Tick();
        Assert.Equal(Party.Shard(0), Assert.Single(_with.Outbox.Sent<Commit>()).To);
        Assert.Equal(0, barrier.Item);

        barrier.Handle(new Applied(MachineFixture.Epoch(), 0, 0));
        Assert.Equal(1, barrier.Item);
    }

    [Fact]
    public void Takes_a_report_of_the_next_item_for_the_word_of_all_shards()
    {
        var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 2, 3));
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));

        barrier.Handle(_with.Report(1, 0, 1, 2, 3));
        barrier.Handle(_with.Whole(0, 1));
        _with.Outbox.Clear();
        barrier.Handle(_with.Whole(1, 1));

        Assert.Equal(1, _with.Outbox.Sent<Commit>()[0].Message.Item);
    }

    [Fact]
    public void Answers_a_late_report_with_the_commit_and_counts_a_repeated_one_once()
    {
        var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 2));
        barrier.Handle(_with.Report(0, 0, 1, 2));
        Assert.Empty(_with.Outbox.Sent<Commit>());
        _with.Complete(barrier, 0);
        _with.Outbox.Clear();

        barrier.Handle(_with.Report(0, 0, 1, 2, 3));

        Assert.Equal(0, _with.Outbox.Only<ItemCommitted>().Item);
        Assert.Single(_with.Outbox.Sent<object>());
    }

    [Fact]
    public void Leaves_out_a_result_whose_state_is_missing_or_gone()
    {
        var barrier = _with.Barrier();
        var good = _with.Report(0, 0, 1, 2, 3);
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));

        barrier.Handle(good with { Lanes = good.Lanes.SetItem(1, good.Lanes[1] with { State = null }).SetItem(2, good.Lanes[2] with { State = new Ticket(MachineFixture.Node, 999, 0, _with.Run.Layout.StateSize) }) });
        Assert.Empty(_with.Outbox.Sent<Commit>());

        barrier.Handle(good);
        Assert.NotEmpty(_with.Outbox.Sent<Commit>());
    }

    [Fact]
    public void Commits_a_validation_batch_without_any_shard()
    {
        var barrier = _with.Barrier();
        for (var item = 0; item < 3; item++)
        {
            _with.Complete(barrier, item);
        }

        _with.Outbox.Clear();
        barrier.Handle(_with.Report(3, 0, 1, 2, 3));
        barrier.Handle(_with.Report(4, 0, 1, 2, 3));

        Assert.Empty(_with.Outbox.Sent<Commit>());
        Assert.Equal(5, barrier.Item);
        var reports = _with.Outbox.Sent<ItemsReported>().Select(sent => sent.Message.Items[0]).ToArray();
        Assert.Equal([false, true], reports.Select(report => report.EndsValidation));
        Assert.Equal(16.0, reports[1].Recent.Loss);

        // Training's states are those of item 2, validations in between or not.
        barrier.Handle(new AskLaneStates(MachineFixture.Epoch(), 5, Worker, [0]));
        Assert.NotNull(_with.Outbox.Only<LaneStates>().States[0].State);
    }

    [Fact]
    public void Has_a_step_that_is_not_finite_computed_again_and_commits_nothing_meanwhile()
    {
        var barrier = _with.Barrier();
        Fail(barrier, attempt: 0, double.PositiveInfinity);

        var again = _with.Outbox.Only<AssignLanes>();
        Assert.Equal((0L, 1), (again.FirstItem, again.Attempt));
        Assert.Equal(4, again.Lanes.Length);
        Assert.Empty(_with.Outbox.Sent<BadNumbers>());
        Assert.Empty(_with.Outbox.Sent<Commit>());

        // What the first attempt brings, late or again, is as if it had never come.
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));
        barrier.Handle(_with.Report(0, 0, 1, 2, 3));
        Assert.Empty(_with.Outbox.Sent<Commit>());
    }

    [Fact]
    public void Goes_on_with_the_finite_bits_and_says_that_a_node_computes_wrongly()
    {
        var barrier = _with.Barrier();
        Fail(barrier, attempt: 0, double.NaN);

        barrier.Handle(_with.Report(0, 0, 1, 2, 3) with { Attempt = 1 });
        barrier.Handle(_with.Whole(0, 0) with { Attempt = 1 });
        barrier.Handle(_with.Whole(1, 0) with { Attempt = 1 });

        Assert.Equal(2, _with.Outbox.Sent<Commit>().Count);
        Assert.Contains("a node has computed wrongly", _with.Outbox.OnlyEffect<Effect.Alarm>().Reason, StringComparison.Ordinal);
        Assert.Equal(Math.Sqrt(_with.Shards.BlockCount) / 16, _with.Outbox.Only<ItemsReported>().Items[0].Norm);
    }

    [Fact]
    public void Commits_nothing_when_the_same_bits_are_not_finite_again()
    {
        var barrier = _with.Barrier();
        Fail(barrier, attempt: 0, double.NaN);
        Fail(barrier, attempt: 1, double.NaN);
        barrier.Tick();

        Assert.Equal(2, _with.Outbox.Sent<BadNumbers>().Count);
        Assert.Equal(
            "the gradient of step 1 is not finite; it was computed again, to the same bits",
            _with.Outbox.Sent<BadNumbers>()[0].Message.Reason);
        Assert.Empty(_with.Outbox.Sent<Commit>());
        Assert.Empty(_with.Outbox.Sent<ItemCommitted>());
    }

    [Fact]
    public void Gives_up_a_step_that_is_never_finite_and_never_the_same()
    {
        var barrier = _with.Barrier();
        Fail(barrier, attempt: 0, double.NaN);
        Fail(barrier, attempt: 1, double.PositiveInfinity);
        Assert.Empty(_with.Outbox.Sent<BadNumbers>());

        Fail(barrier, attempt: 2, double.NaN);

        Assert.Contains("a node computes wrongly", _with.Outbox.Only<BadNumbers>().Reason, StringComparison.Ordinal);
        Assert.Empty(_with.Outbox.Sent<Commit>());
    }

    private StepBarrier OfTwoNodes()
    {
        var barrier = _with.Barrier();
        barrier.Handle(new Assign(
            MachineFixture.Epoch(),
            1,
            [
                new LaneOwner(Worker, new NodeId("a"), [0, 1, 2]),
                new LaneOwner(new WorkerId("v"), new NodeId("b"), [3]),
                new LaneOwner(new WorkerId("x"), new NodeId("b"), []),
            ]));
        _with.Outbox.Clear();
        return barrier;
    }

    [Fact]
    public void Has_a_step_with_bad_numbers_computed_again_by_another_node()
    {
        var barrier = OfTwoNodes();

        Fail(barrier, 0, double.NaN);

        Assert.Equal(
            ["w 3", "v 0", "x 1,2"],
            _with.Outbox.Sent<AssignLanes>().Where(sent => sent.Message.Attempt == 1).Select(sent => $"{sent.To.Name} {string.Join(',', sent.Message.Lanes)}"));
    }

    [Fact]
    public void Tells_the_job_which_node_was_wrong_until_it_knows()
    {
        var barrier = OfTwoNodes();
        Fail(barrier, 0, double.NaN);
        barrier.Handle(new ResultsNotFinite(MachineFixture.Epoch(), 0, new NodeId("b")));
        barrier.Tick();
        Assert.Empty(_with.Outbox.Sent<NodeWrong>());

        Fail(barrier, 1, 1);

        Assert.Equal((1, new NodeId("b")), (_with.Outbox.Only<NodeWrong>().Step, _with.Outbox.Only<NodeWrong>().Node));
        Assert.True(_with.Outbox.OnlyEffect<Effect.Alarm>().AsksForAction);
        barrier.Tick();
        Assert.Equal(2, _with.Outbox.Sent<NodeWrong>().Count);
        barrier.Handle(new WrongNodeSeen(MachineFixture.Epoch(), new NodeId("b")));
        _with.Outbox.Clear();
        barrier.Tick();
        Assert.Empty(_with.Outbox.Sent<NodeWrong>());

        barrier.Handle(new ResultsNotFinite(MachineFixture.Epoch(), 0, new NodeId("a")));
        Assert.Equal(new NodeId("a"), _with.Outbox.Only<NodeWrong>().Node);
    }

    [Fact]
    public void Accuses_nobody_when_the_numbers_stay_what_they_are()
    {
        var barrier = OfTwoNodes();
        Fail(barrier, 0, double.NaN);
        barrier.Handle(new ResultsNotFinite(MachineFixture.Epoch(), 0, new NodeId("b")));

        Fail(barrier, 1, double.NaN);

        Assert.Single(_with.Outbox.Sent<BadNumbers>());
        Assert.Empty(_with.Outbox.Sent<NodeWrong>());
    }

    private void Fail(StepBarrier barrier, int attempt, double square)
    {
        barrier.Handle(_with.Report(0, 0, 1, 2, 3) with { Attempt = attempt });
        barrier.Handle(_with.Whole(0, 0) with { Attempt = attempt });
        barrier.Handle(_with.Whole(1, 0, square) with { Attempt = attempt });
    }

    [Fact]
    public void Deals_lanes_and_reminds_the_owners_of_missing_ones()
    {
        var barrier = _with.Barrier();
        barrier.Handle(new Assign(MachineFixture.Epoch(), 3, [new LaneOwner(Worker, new NodeId("n"), [0, 1]), new LaneOwner(new WorkerId("v"), new NodeId("m"), [2, 3])]));
        Assert.Equal(2, _with.Outbox.Sent<AssignLanes>().Count);
        Assert.Equal(3, _with.Outbox.Only<AssignmentTaken>().Generation);
        barrier.Handle(_with.Report(0, 0, 1) with { Generation = 3 });
        barrier.Handle(_with.Whole(0, 0));
        barrier.Handle(_with.Whole(1, 0));
        _with.Outbox.Clear();

        barrier.Tick();
        Assert.Empty(_with.Outbox.Sent<AssignLanes>());
        barrier.Tick();

        var reminder = Assert.Single(_with.Outbox.Sent<AssignLanes>());
        Assert.Equal((Party.Worker(new WorkerId("v")), 0), (reminder.To, reminder.Message.FirstItem));
        _with.Outbox.Clear();
        barrier.Handle(new Assign(MachineFixture.Epoch(), 2, [new LaneOwner(Worker, new NodeId("n"), [0, 1, 2, 3])]));
        Assert.Empty(_with.Outbox.Sent<AssignLanes>());
        Assert.Equal(3, _with.Outbox.Only<AssignmentTaken>().Generation);
    }

    [Fact]
    public void Reminds_every_owner_while_a_shard_misses_what_was_reported()
    {
        var barrier = _with.Barrier();
        barrier.Handle(_with.Report(0, 0, 1, 2, 3));
        _with.Outbox.Clear();

        barrier.Tick();
        barrier.Tick();

        Assert.Equal<int>([0, 1, 2, 3], _with.Outbox.Only<AssignLanes>().Lanes);
    }

    [Fact]
    public void Repeats_reports_until_they_are_seen()
    {
        var barrier = _with.Barrier();
        _with.Complete(barrier, 0);
        _with.Complete(barrier, 1);
        _with.Outbox.Clear();

        barrier.Tick();
        Assert.Equal([0L, 1L], _with.Outbox.Only<ItemsReported>().Items.Select(report => report.Item));
        barrier.Handle(new ReportsSeen(MachineFixture.Epoch(), 0));
        _with.Outbox.Clear();
        barrier.Tick();
        Assert.Equal([1L], _with.Outbox.Only<ItemsReported>().Items.Select(report => report.Item));
    }

    [Fact]
    public void Takes_a_checkpoint_after_every_three_quarters_of_the_interval()
    {
        var barrier = _with.Barrier(checkpointInterval: 4);

        for (var item = 0; item < 8; item++)
        {
            _with.Complete(barrier, item);
            Settle(barrier, item);
        }

        // Items 3 and 4 are of a validation.
        Assert.Equal<long>([2, 7], _with.Outbox.Effects<Effect.SavePart>().Select(part => part.Item));
        Assert.Equal<long>([2, 7], _with.Outbox.Sent<Commit>().Where(sent => sent.Message.Checkpoint).Select(sent => sent.Message.Item).Distinct());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(50, 38)]
    [InlineData(100, 75)]
    [InlineData(1_000_000_000, 750_000_000)]
    public void Begins_a_checkpoint_so_soon_that_a_quarter_of_the_interval_is_left_to_store_it(int interval, int cadence) =>
        Assert.Equal(cadence, new BarrierSettings(interval, 10).CheckpointCadence);

    [Fact]
    public void Commits_no_more_than_an_interval_beyond_the_last_checkpoint_and_computes_one_step_more()
    {
        var barrier = _with.Barrier(checkpointInterval: 4);
        for (var item = 0; item < 6; item++)
        {
            _with.Complete(barrier, item);
        }

        Assert.Equal(6, barrier.Item);
        _with.Outbox.Clear();

        _with.Complete(barrier, 6);
        Assert.Equal(6, barrier.Item);
        Assert.Empty(_with.Outbox.Sent<Commit>());
        Assert.Empty(_with.Outbox.Sent<ItemCommitted>());

        Settle(barrier, 2);
        Assert.Equal(6, _with.Outbox.Sent<Commit>()[0].Message.Item);
    }

    [Fact]
    public void Has_every_checkpoint_stored_before_the_next_step_where_an_interval_is_one()
    {
        var barrier = _with.Barrier(checkpointInterval: 1);
        _with.Complete(barrier, 0);
        Assert.Equal(("lanes", 0), (_with.Outbox.OnlyEffect<Effect.SavePart>().Part, _with.Outbox.OnlyEffect<Effect.SavePart>().Item));
        _with.Outbox.Clear();

        _with.Complete(barrier, 1);
        Assert.Empty(_with.Outbox.Sent<Commit>());

        Settle(barrier, 0);
        Assert.True(_with.Outbox.Sent<Commit>()[0].Message.Checkpoint);
    }

    [Fact]
    public void Trains_on_after_a_checkpoint_that_was_given_up()
    {
        var barrier = _with.Barrier(checkpointInterval: 2);
        _with.Complete(barrier, 0);
        _with.Complete(barrier, 1);
        _with.Complete(barrier, 2);
        Assert.Equal(2, barrier.Item);

        barrier.Handle(new PartNotStored(MachineFixture.Epoch(), 1, "full"));
        barrier.Handle(Settled(1, recorded: false));
        Assert.Equal(2, _with.Outbox.Sent<Commit>()[^1].Message.Item);
    }

    [Fact]
    public void Counts_the_interval_from_the_checkpoint_it_started_from()
    {
        var barrier = _with.Barrier(checkpointInterval: 2);
        _with.Complete(barrier, 0);
        _with.Complete(barrier, 1);
        var second = new StepBarrier(_with.Run, _with.Shards, MachineFixture.Epoch(), new BarrierSettings(4, 10), _with.Tensors, _with.Outbox);
        second.Load(_with.Outbox.OnlyEffect<Effect.SavePart>().Content.Span);

        // Due after steps 3 and 6; of step 2 one stands.
        foreach (var item in (long[])[2, 3, 4, 5, 6, 7])
        {
            _with.Complete(second, item);
        }

        // Step 6, which carries the next checkpoint, waits for that of step 3.
        Assert.Equal(7, second.Item);
        Assert.Equal(6, _with.Outbox.Sent<Commit>()[^1].Message.Item);
        Settle(second, 2);
        Assert.Equal(7, _with.Outbox.Sent<Commit>()[^1].Message.Item);
    }

    [Fact]
    public void Says_after_a_second_that_a_step_waits_for_a_checkpoint_to_be_stored()
    {
        var barrier = _with.Barrier(checkpointInterval: 1);
        _with.Complete(barrier, 0);
        _with.Complete(barrier, 1);
        _with.Outbox.Clear();

        Tick(9);
        Assert.Empty(_with.Outbox.Sent<LanesLate>());
        Tick(1);
        Assert.Equal((1, new LateCheckpoint(1, 1)), (_with.Outbox.Only<LanesLate>().Item, _with.Outbox.Only<LanesLate>().Checkpoint));

        void Tick(int ticks)
        {
            for (var tick = 0; tick < ticks; tick++)
            {
                barrier.Tick();
            }
        }
    }

    /// <summary>The checkpoint after the item is recorded, if it is the newest.</summary>
    private static void Settle(StepBarrier barrier, long item)
    {
        barrier.Handle(new PartStored(MachineFixture.Epoch(), item, "abc"));
        barrier.Handle(Settled(item));
    }

    [Fact]
    public void Goes_on_from_its_part()
    {
        var barrier = _with.Barrier(checkpointInterval: 3);
        for (var item = 0; item < 3; item++)
        {
            _with.Complete(barrier, item);
        }

        var part = _with.Outbox.OnlyEffect<Effect.SavePart>().Content.ToArray();
        var second = new StepBarrier(_with.Run, _with.Shards, MachineFixture.Epoch(), new BarrierSettings(3, 10), _with.Tensors, _with.Outbox);
        second.Load(part);
        Assert.Equal(3, second.Item);

        Settle(barrier, 2);
        _with.Outbox.Clear();
        foreach (var each in (StepBarrier[])[barrier, second])
        {
            each.Handle(_with.Report(3, 0, 1, 2, 3));
            each.Handle(_with.Report(4, 0, 1, 2, 3));
            _with.Complete(each, 5);
        }

        var reports = _with.Outbox.Sent<ItemsReported>().Select(sent => sent.Message.Items[0]).ToArray();
        Assert.Equal(reports[..3], reports[3..]);
        Assert.Throws<InvalidDataException>(() => second.Load(part.AsSpan(0, part.Length - 3)));
    }

    [Fact]
    public void Holds_at_once_where_nothing_would_be_lost()
    {
        var barrier = _with.Barrier();

        barrier.Handle(new HoldAtEdge(MachineFixture.Epoch()));
        barrier.Tick();

        Assert.All(_with.Outbox.Sent<Held>(), held => Assert.Equal(-1, held.Message.Item));
        Assert.True(barrier.HasEnded);
    }

    [Fact]
    public void Holds_after_the_next_step_which_carries_a_checkpoint()
    {
        var barrier = _with.Barrier();
        _with.Complete(barrier, 0);
        barrier.Handle(new HoldAtEdge(MachineFixture.Epoch()));
        Assert.False(barrier.HasEnded);
        _with.Outbox.Clear();

        _with.Complete(barrier, 1);

        Assert.True(_with.Outbox.Sent<Commit>()[0].Message.Checkpoint);
        Assert.Equal(1, _with.Outbox.Only<Held>().Item);
        barrier.Handle(_with.Report(2, 0, 1, 2, 3));
        Assert.Equal(1, barrier.Item);
    }

    [Fact]
    public void Tries_the_checkpoint_of_a_hold_again_until_it_is_recorded()
    {
        var barrier = _with.Barrier();
        _with.Complete(barrier, 0);
        barrier.Handle(new HoldAtEdge(MachineFixture.Epoch()));
        _with.Complete(barrier, 1);
        barrier.Handle(new PartNotStored(MachineFixture.Epoch(), 1, "full"));
        barrier.Handle(Settled(1, recorded: false));
        _with.Outbox.Clear();

        for (var tick = 0; tick < 10; tick++)
        {
            barrier.Tick();
        }

        Assert.Equal(2, _with.Outbox.Sent<Commit>().Count(sent => sent.Message.Checkpoint));
        Assert.Single(_with.Outbox.Effects<Effect.SavePart>());
        barrier.Handle(new PartStored(MachineFixture.Epoch(), 1, "abc"));
        barrier.Handle(Settled(1));
        _with.Outbox.Clear();
        barrier.Tick();
        Assert.Empty(_with.Outbox.Sent<Commit>());
    }

    [Fact]
    public void Tells_an_older_life_of_the_newer_and_stops_for_a_newer()
    {
        var barrier = _with.Barrier();

        barrier.Handle(_with.Report(0, 0) with { Epoch = MachineFixture.Epoch(0) });
        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.Only<Stale>().Current);
        barrier.Handle(new Stale(MachineFixture.Epoch(7)));
        Assert.Equal(MachineFixture.Epoch(7), _with.Outbox.OnlyEffect<Effect.StopSelf>().Newer);
    }

    [Fact]
    public void Says_every_message_in_pages_that_stay_small()
    {
        var barrier = _with.Barrier();
        _with.Complete(barrier, 0);
        _with.Outbox.Clear();

        barrier.Handle(new AskLaneStates(MachineFixture.Epoch(), 1, Worker, [.. ImmutableArray.CreateRange(Enumerable.Repeat(1, 600))]));

        Assert.Equal([256, 256, 88], _with.Outbox.Sent<LaneStates>().Select(sent => sent.Message.States.Length));
    }
}
