using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class TrainingJobSpecs
{
    private readonly MachineFixture _with = new();
    private readonly TrainingJob _job;
    private readonly List<JobFact> _journal = [];
    private int _stored;

    public TrainingJobSpecs() => _job = new TrainingJob(MachineFixture.Job, _with.Outbox);

    /// <summary>Stores what the job asks to store, and tells it.</summary>
    private void Store()
    {
        for (var facts = _with.Outbox.Effects<Effect.Persist>(); _stored < facts.Count; facts = _with.Outbox.Effects<Effect.Persist>())
        {
            var fact = facts[_stored++].Fact;
            _journal.Add(fact);
            _job.Persisted(fact);
        }
    }

    private void Clear()
    {
        _with.Outbox.Clear();
        _stored = 0;
    }

    private void Tell(object message)
    {
        _job.Handle(message);
        Store();
    }

    private void Start()
    {
        _job.Submit(_with.Submission);
        Store();
        Tell(new WorkerJoined(new WorkerId("a"), new NodeId("n")));
        Tell(new AssignmentTaken(_job.Epoch, _with.Outbox.Sent<Assign>()[^1].Message.Generation));
        Clear();
    }

    private void Report(long first, long last, long incarnation = 1)
    {
        var reports = ImmutableArray.CreateBuilder<ItemReport>();
        for (var number = first; number <= last; number++)
        {
            var item = _with.Run.Plan[number];
            var sums = new LossSums(number + 1, 2, 1, 4, 1) { Targets = 2 };
            reports.Add(new ItemReport(number, item.IsTraining, item.VersionAfter, sums, sums, 1, 0.01, _with.Run.Plan.EndsValidation(item)));
        }

        Tell(new ItemsReported(MachineFixture.Epoch(incarnation), reports.ToImmutable()));
    }

    private void SaveAll(long item, long incarnation = 1)
    {
        foreach (var part in PartNames.All(2))
        {
            Tell(new PartSaved(MachineFixture.Epoch(incarnation), item, part, $"sha of {part}"));
        }
    }

    [Fact]
    public void Stores_the_incarnation_before_it_starts_anything()
    {
        _job.Submit(_with.Submission);
        Assert.Equal(_with.Submission, _with.Outbox.OnlyEffect<Effect.Persist>().Fact);
        _job.Persisted(_with.Submission);
        Assert.Empty(_with.Outbox.Effects<Effect.StartRun>());
        Assert.Empty(_with.Outbox.Sent<object>());

        _job.Persisted(new JobFact.IncarnationStarted(1, 0));

        Assert.Equal((MachineFixture.Epoch(), null), (_with.Outbox.OnlyEffect<Effect.StartRun>().Epoch, _with.Outbox.OnlyEffect<Effect.StartRun>().From));
    }

    [Fact]
    public void Is_submitted_once()
    {
        Start();
        _job.Submit(_with.Submission);

        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Deals_lanes_again_for_every_worker_that_comes_or_goes()
    {
        Start();
        Assert.Equal(JobState.Running, _job.State);

        Tell(new WorkerJoined(new WorkerId("b"), new NodeId("n")));
        Tell(new WorkerJoined(new WorkerId("b"), new NodeId("n")));
        var assign = _with.Outbox.Only<Assign>();
        Assert.Equal([2, 2], assign.Owners.Select(owner => owner.Lanes.Length));
        _job.Tick();
        Assert.Equal(2, _with.Outbox.Sent<Assign>().Count);
        Tell(new AssignmentTaken(_job.Epoch, assign.Generation));
        Clear();
        _job.Tick();
        Assert.True(_with.Outbox.IsSilent);

        Tell(new WorkerLost(new WorkerId("a")));
        Assert.True(_with.Outbox.Only<Assign>().Generation > assign.Generation);
        Assert.Equal(new WorkerId("b"), Assert.Single(_with.Outbox.Only<Assign>().Owners).Worker);
    }

    [Fact]
    public void Waits_for_its_minimum_of_workers_and_says_so_then_goes_on_by_itself()
    {
        var submission = _with.Submission;
        _job.Submit(submission with { Spec = submission.Spec with { Placement = submission.Spec.Placement with { MinimumWorkers = 2 } } });
        Store();
        Assert.Equal((JobState.Placing, "waits for workers: 0 of at least 2 are there"), (_job.State, _job.Reason));
        Clear();

        Tell(new WorkerJoined(new WorkerId("a"), new NodeId("n")));
        Assert.Equal("waits for workers: 1 of at least 2 are there", _job.Reason);
        Assert.Single(_with.Outbox.Effects<Effect.ViewChanged>());
        Assert.Empty(Assert.Single(_with.Outbox.Only<Assign>().Owners).Lanes);
        Tell(new AssignmentTaken(_job.Epoch, _with.Outbox.Only<Assign>().Generation));
        Assert.Equal(JobState.Placing, _job.State);

        Tell(new WorkerJoined(new WorkerId("b"), new NodeId("m")));
        Assert.Equal("", _job.Reason);
        Assert.Equal([2, 2], _with.Outbox.Sent<Assign>()[^1].Message.Owners.Select(owner => owner.Lanes.Length));
        Tell(new AssignmentTaken(_job.Epoch, _with.Outbox.Sent<Assign>()[^1].Message.Generation));
        Assert.Equal(JobState.Running, _job.State);
        Clear();

        Tell(new WorkerLost(new WorkerId("a")));
        Assert.Equal((JobState.Placing, "waits for workers: 1 of at least 2 are there"), (_job.State, _job.Reason));
        Assert.Equal(JobState.Placing, _with.Outbox.OnlyEffect<Effect.StateChanged>().State);
        Tell(new WorkerJoined(new WorkerId("a"), new NodeId("n")));
        Tell(new AssignmentTaken(_job.Epoch, _with.Outbox.Sent<Assign>()[^1].Message.Generation));
        Assert.Equal((JobState.Running, ""), (_job.State, _job.Reason));
    }

    [Fact]
    public void Counts_an_old_assignment_that_comes_late_for_nothing_while_it_waits_for_workers()
    {
        Start();
        Tell(new WorkerLost(new WorkerId("a")));

        Tell(new AssignmentTaken(_job.Epoch, _with.Outbox.Only<Assign>().Generation));

        Assert.Equal((JobState.Placing, "waits for workers: 0 of at least 1 are there"), (_job.State, _job.Reason));
    }

    [Fact]
    public void Deals_a_node_that_was_wrong_no_lanes_while_there_is_another()
    {
        Start();
        Tell(new WorkerJoined(new WorkerId("b"), new NodeId("m")));
        Clear();

        Tell(new NodeWrong(_job.Epoch, 4, new NodeId("n")));
        Tell(new NodeWrong(_job.Epoch, 4, new NodeId("n")));

        Assert.Equal(2, _with.Outbox.Sent<WrongNodeSeen>().Count);
        Assert.True(_with.Outbox.OnlyEffect<Effect.Alarm>().AsksForAction);
        Assert.Equal(["b 0,1,2,3", "a "], Dealt());
        Clear();
        Tell(new WorkerLost(new WorkerId("b")));
        Assert.Equal(["a 0,1,2,3"], Dealt());

        IEnumerable<string> Dealt() =>
            _with.Outbox.Only<Assign>().Owners.Select(owner => $"{owner.Worker} {string.Join(',', owner.Lanes)}");
    }

    private void Late(long item, int seconds, params string[] workers) => Tell(new LanesLate(
        _job.Epoch,
        item,
        [.. workers.Select((worker, i) => new LateWorker(new WorkerId(worker), new NodeId("node-b"), [(2 * i) + 4, (2 * i) + 5], seconds, null))],
        []));

    [Fact]
    public void Shows_for_whom_a_step_waits_until_it_is_committed()
    {
        Start();
        Report(0, 1);
        Clear();

        Late(2, 3, "x", "y");

        Assert.Single(_with.Outbox.Effects<Effect.ViewChanged>());
        Assert.Equal("step 3 waits 3 s for node-b (lanes 4–7)", Assert.Single(_job.Waits).Text);
        Late(2, 4, "y");
        Assert.Equal((new WorkerId("y"), 4), (_job.Waits[0].Worker!.Value, _job.Waits[0].Seconds));
        Clear();

        Report(2, 2);
        Assert.Empty(_job.Waits);
        Assert.Single(_with.Outbox.Effects<Effect.ViewChanged>());
        Late(2, 5, "x");
        Assert.Empty(_job.Waits);
    }

    [Fact]
    public void Shows_a_wait_in_a_step_that_is_repeated_after_a_restart()
    {
        Start();
        Report(0, 3);
        Late(4, 1, "x");
        Tell(new PartyLost(MachineFixture.Epoch(), "the barrier is gone"));
        Assert.Empty(_job.Waits);

        Late(1, 1, "x");

        Assert.Equal("step 2 waits 1 s for node-b (lanes 4–5)", Assert.Single(_job.Waits).Text);
        Report(0, 1, incarnation: 2);
        Assert.Empty(_job.Waits);
    }

    [Fact]
    public void Names_a_shard_and_a_validation_that_waits()
    {
        Start();
        Report(0, 2);

        Tell(new LanesLate(_job.Epoch, 3, [new LateWorker(new WorkerId("x"), new NodeId("n"), [1], 2, new WorkerId("y"))], [new LateShard(1, 7)]));

        Assert.Equal(
            ["the validation after step 3 waits 2 s for n (lane 1), whose lanes another node computes too", "the validation after step 3 waits 7 s for shard 1"],
            _job.Waits.Select(wait => wait.Text));
    }

    [Fact]
    public void Shows_that_a_step_waits_for_a_checkpoint_to_be_stored()
    {
        Start();
        Report(0, 1);

        Tell(new LanesLate(_job.Epoch, 2, [], [], new LateCheckpoint(1, 3)));

        Assert.Equal("step 3 waits 3 s for the checkpoint of step 1 to be stored", Assert.Single(_job.Waits).Text);
        Report(2, 2);
        Assert.Empty(_job.Waits);
    }

    [Fact]
    public void Sees_each_item_once_and_waits_for_what_a_gap_hides()
    {
        Start();
        Report(0, 1);
        Report(0, 1);
        Report(3, 3);
        Report(1, 2);

        Assert.Equal([0L, 1L, 2L], _with.Outbox.Effects<Effect.ItemsSeen>().SelectMany(seen => seen.Items).Select(report => report.Item));
        Assert.Equal([1L, 1L, 2L], _with.Outbox.Sent<ReportsSeen>().Select(seen => seen.Message.Item));
        Assert.Equal(3, _job.Progress.Step);
        Assert.Equal(1.5, _job.Progress.TrainingLoss);
    }

    [Fact]
    public void Shows_a_validation_when_it_is_whole()
    {
        Start();
        Report(0, 3);
        Assert.Null(_job.Progress.ValidationLoss);

        Report(4, 4);

        Assert.Equal((2.5, 0.5, 0.25), (_job.Progress.ValidationLoss, _job.Progress.ValidationAccuracy, _job.Progress.ValidationExact));
    }

    [Fact]
    public void Records_a_checkpoint_when_all_parts_are_durable_and_its_reports_were_seen()
    {
        Start();
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "shard-1", "b"));
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "lanes", "c"));
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "shard-0", "a"));
        Assert.Null(_job.Record.Newest);

        Report(0, 1);

        var newest = _job.Record.Newest!;
        Assert.Equal((1, 2), (newest.Item, newest.Step));
        Assert.Equal(["shard-0", "shard-1", "lanes"], newest.Parts.Select(part => part.Part));
        Assert.Equal(64, newest.RootSha256.Length);
        Assert.Equal(3, _with.Outbox.Sent<CheckpointSettled>().Count(sent => sent.Message.Recorded));
        Clear();
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "lanes", "c"));
        Assert.True(_with.Outbox.Only<CheckpointSettled>().Recorded);
    }

    [Fact]
    public void Gives_up_a_checkpoint_of_which_a_part_failed_and_takes_a_second_try()
    {
        Start();
        Report(0, 1);
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "shard-0", "a"));
        Tell(new PartFailed(MachineFixture.Epoch(), 1, "shard-1", "the disk is full"));
        Assert.Contains(_with.Outbox.Sent<CheckpointSettled>(), sent => sent.To == Party.Barrier && !sent.Message.Recorded);
        Assert.Contains("the disk is full", _with.Outbox.OnlyEffect<Effect.Alarm>().Reason);
        Tell(new PartSaved(MachineFixture.Epoch(), 1, "lanes", "c"));
        Assert.Null(_job.Record.Newest);

        Tell(new PartSaved(MachineFixture.Epoch(), 1, "shard-1", "b"));

        Assert.Equal(1, _job.Record.Newest!.Item);
    }

    [Fact]
    public void Keeps_two_checkpoints()
    {
        Start();
        Report(0, 5);
        SaveAll(0);
        SaveAll(1);
        SaveAll(2);

        Assert.Equal([1L, 2L], _job.Record.Recorded.Select(checkpoint => checkpoint.Item));
        Assert.Equal([1L, 2L], _with.Outbox.Effects<Effect.KeepCheckpoints>()[^1].Kept.Select(checkpoint => checkpoint.Item));
    }

    [Fact]
    public void Starts_again_from_the_newest_checkpoint_when_a_party_is_lost()
    {
        Start();
        Report(0, 3);
        SaveAll(1);
        Clear();

        Tell(new PartyLost(MachineFixture.Epoch(), "the barrier is gone"));
        Tell(new PartyLost(MachineFixture.Epoch(), "a shard is gone"));

        var start = _with.Outbox.OnlyEffect<Effect.StartRun>();
        Assert.Equal((2, 1), (start.Epoch.Incarnation, start.From!.Item));
        Report(2, 4, incarnation: 2);
        Assert.Equal([4L], _with.Outbox.Effects<Effect.ItemsSeen>().SelectMany(seen => seen.Items).Select(report => report.Item));
    }

    [Fact]
    public void Falls_back_to_the_checkpoint_before_one_that_cannot_be_read()
    {
        Start();
        Report(0, 3);
        SaveAll(0);
        SaveAll(1);
        Clear();

        Tell(new CheckpointUnreadable(MachineFixture.Epoch(), "lanes", "another hash"));

        Assert.Equal(0, _with.Outbox.OnlyEffect<Effect.StartRun>().From!.Item);
    }

    [Fact]
    public void Comes_to_the_same_record_from_its_facts_and_takes_over_in_a_new_incarnation()
    {
        Start();
        Report(0, 3);
        SaveAll(1);

        var second = new TrainingJob(MachineFixture.Job, _with.Outbox);
        foreach (var fact in _journal)
        {
            second.Recover(fact);
        }

        Clear();
        Assert.Equal(_job.Record with { Recorded = [] }, second.Record with { Recorded = [] });
        Assert.Equal(_job.Record.Recorded.ToArray(), second.Record.Recorded.ToArray());
        Assert.Equal(1, second.Progress.Item);
        second.Recovered();
        Assert.Equal(new JobFact.IncarnationStarted(2, 0), _with.Outbox.OnlyEffect<Effect.Persist>().Fact);
    }

    [Fact]
    public void Pauses_when_held_at_a_recorded_checkpoint_and_resumes_from_it()
    {
        Start();
        Assert.Null(_job.Pause());
        Assert.NotNull(_job.Resume());
        _job.Tick();
        Assert.Equal(2, _with.Outbox.Sent<HoldAtEdge>().Count);
        Tell(new Held(MachineFixture.Epoch(), 1));
        Assert.Equal(JobState.Running, _job.State);
        Report(0, 1);
        SaveAll(1);

        Tell(new Held(MachineFixture.Epoch(), 1));

        Assert.Equal(JobState.Paused, _job.State);
        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.OnlyEffect<Effect.StopRun>().Epoch);
        Assert.Null(_job.Pause());
        Clear();
        _job.Tick();
        Assert.True(_with.Outbox.IsSilent);
        Assert.Null(_job.Resume());
        Store();
        Assert.Equal(1, _with.Outbox.OnlyEffect<Effect.StartRun>().From!.Item);
        Assert.Equal(2, _job.Epoch.Incarnation);
    }

    [Fact]
    public void Drains_at_a_recorded_checkpoint_and_goes_on_there_in_the_next_process()
    {
        Start();
        _job.Drain(beginAgain: false);
        Report(0, 1);
        Tell(new Held(MachineFixture.Epoch(), 1));
        Assert.Empty(_with.Outbox.Effects<Effect.StopRun>());
        SaveAll(1);

        Tell(new Held(MachineFixture.Epoch(), 1));

        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.OnlyEffect<Effect.StopRun>().Epoch);
        Assert.Equal(JobState.Running, _job.State);
        Assert.IsType<JobFact.CheckpointRecorded>(_journal[^1]);
    }

    [Fact]
    public void Begins_the_next_incarnation_at_the_edge_when_it_is_to_move()
    {
        Start();
        _job.Drain(beginAgain: true);
        Report(0, 1);
        SaveAll(1);

        Tell(new Held(MachineFixture.Epoch(), 1));

        Assert.Equal((MachineFixture.Epoch(2), 1L), (_with.Outbox.OnlyEffect<Effect.StartRun>().Epoch, _job.Record.Newest!.Item));
        Clear();
        _job.Tick();
        Assert.Empty(_with.Outbox.Sent<HoldAtEdge>());
    }

    [Fact]
    public void Is_paused_and_not_drained_when_somebody_asked_for_that_first()
    {
        Start();
        _job.Pause();
        _job.Drain(beginAgain: true);

        Tell(new Held(MachineFixture.Epoch(), -1));

        Assert.Equal(JobState.Paused, _job.State);
        Assert.Equal(1, _job.Epoch.Incarnation);
    }

    [Fact]
    public void Completes_with_the_hash_after_the_final_checkpoint_and_the_last_report()
    {
        Start();
        var last = _with.Run.Plan.Items - 1;
        var final = _with.Run.Plan.ItemOfStep(7);
        Report(0, final);
        Assert.Equal(JobState.Finishing, _job.State);
        SaveAll(final);
        Assert.Empty(_with.Outbox.Effects<Effect.PublishModel>());
        Report(final + 1, last);
        Assert.Equal(final, _with.Outbox.OnlyEffect<Effect.PublishModel>().Final.Item);

        Tell(new PartyLost(MachineFixture.Epoch(), "nobody needs it"));
        Tell(new ModelPublished(MachineFixture.Epoch(), "abc"));

        Assert.Equal((JobState.Completed, "abc"), (_job.State, _job.Record.WeightsSha256));
        Assert.Equal(final, Assert.Single(_with.Outbox.Effects<Effect.KeepCheckpoints>()[^1].Kept).Item);
        Assert.NotNull(_job.Cancel());
        Assert.Contains("Completed", _job.Pause());
    }

    [Fact]
    public void Fails_on_numbers_that_are_not_finite()
    {
        Start();

        Tell(new BadNumbers(MachineFixture.Epoch(), 3, "the gradient of step 4 is not finite"));

        Assert.Equal((JobState.Failed, "the gradient of step 4 is not finite"), (_job.State, _job.Record.Reason));
        Assert.Single(_with.Outbox.Effects<Effect.StopRun>());
    }

    [Fact]
    public void Fails_after_a_bounded_number_of_starts_that_commit_nothing()
    {
        Start();
        for (var start = 1; start <= TrainingJob.MaximumStarts; start++)
        {
            Tell(new PartyLost(MachineFixture.Epoch(start), "it broke"));
            Assert.NotEqual(JobState.Failed, _job.State);
        }

        Tell(new PartyLost(MachineFixture.Epoch(TrainingJob.MaximumStarts + 1), "it broke"));

        Assert.Equal(JobState.Failed, _job.State);
        Assert.Contains("it broke", _job.Record.Reason);
    }

    [Fact]
    public void Is_cancelled_and_keeps_nothing()
    {
        Start();
        Assert.Null(_job.Cancel());
        Store();

        Assert.Equal(JobState.Cancelled, _job.State);
        Assert.Empty(_with.Outbox.OnlyEffect<Effect.KeepCheckpoints>().Kept);
        Assert.Null(_job.Cancel());
        Clear();
        Report(0, 0);
        _job.Tick();
        Assert.Empty(_with.Outbox.Effects<Effect.ItemsSeen>());
    }

    [Fact]
    public void Tells_an_older_life_of_the_newer()
    {
        Start();

        Tell(new Held(MachineFixture.Epoch(0), 1));

        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.Only<StepProtocol.Stale>().Current);
    }

    [Fact]
    public void Does_its_last_effects_again_when_it_comes_back_to_an_end()
    {
        Start();
        _job.Cancel();
        Store();
        var second = new TrainingJob(MachineFixture.Job, _with.Outbox);
        foreach (var fact in _journal)
        {
            second.Recover(fact);
        }

        Clear();
        second.Recovered();

        Assert.Equal(JobState.Cancelled, _with.Outbox.OnlyEffect<Effect.StateChanged>().State);
        Assert.Single(_with.Outbox.Effects<Effect.StopRun>());
        Assert.Empty(_with.Outbox.Effects<Effect.Persist>());
    }
}
