using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Tests.Jobs;

public sealed class TrainingJobActorOnSqliteSpecs() : TrainingJobActorSpecs(DatabaseKind.Sqlite);

public sealed class TrainingJobActorOnPostgreSqlSpecs() : TrainingJobActorSpecs(DatabaseKind.PostgreSql);

/// <summary>A job whose node is a probe: it comes as far as having no workers allows.</summary>
public abstract class TrainingJobActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition(workers: 2);

    private readonly TestProbe _node;
    private readonly TestProbe _replica;

    protected TrainingJobActorSpecs(DatabaseKind kind)
        : base(kind)
    {
        (_node, _replica) = (CreateTestProbe(), CreateTestProbe());
        StartDoors(_node);
    }

    private Task<JobEvent.Snapshot> Snapshot(Func<JobView, bool> of) =>
        FishForMessageAsync<JobEvent.Snapshot>(snapshot => of(snapshot.Job)).AsTask();

    private IActorRef Start() => Sys.ActorOf(TrainingJobActor.Props(Submitted(Spec), Services));

    [DatabaseFact]
    public async Task Asks_its_node_for_workers_and_tells_all_where_the_others_are()
    {
        var job = Start();

        var members = await Join(job);

        Assert.Equal(1, members.Epoch.Incarnation);
        Assert.Single(members.Shards);
        Assert.Equal("worker-1", Assert.Single(members.Workers).Worker.Value);
    }

    [DatabaseFact]
    public async Task Begins_a_new_incarnation_when_its_barrier_or_its_own_actor_is_lost()
    {
        var job = Start();
        var first = await Join(job);
        Sys.Stop(first.Barrier);
        var second = await NextLife(first.Epoch);

        Watch(job);
        Sys.Stop(job);
        await ExpectTerminatedAsync(job);
        var third = await Join(Start());

        Assert.Equal([1L, 2L, 3L], [first.Epoch.Incarnation, second.Epoch.Incarnation, third.Epoch.Incarnation]);
    }

    [DatabaseFact]
    public async Task Tells_a_late_party_which_life_counts_and_goes_on_after_a_wrong_message()
    {
        var job = Start();
        await Join(job);

        job.Tell("what?", TestActor);
        job.Tell(new JobProtocol.Held(Older, 3), TestActor);

        await ExpectMsgAsync(new StepProtocol.Stale(First));
    }

    [DatabaseFact]
    public async Task Pauses_durably_and_resumes()
    {
        var job = Start();
        await Join(job);

        job.Tell(new Pause(Job), TestActor);
        Assert.Equal(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);
        job.Tell(new Pause(Job), TestActor);
        Assert.Equal(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);
        Watch(job);
        Sys.Stop(job);
        await ExpectTerminatedAsync(job);
        var again = Start();
        again.Tell(new GetJob(Job), TestActor);
        Assert.Equal(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);

        again.Tell(new Resume(Job), TestActor);

        Assert.NotEqual(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);
        Assert.Equal(2, (await Join(again)).Epoch.Incarnation);
    }

    [DatabaseFact]
    public async Task Stays_cancelled_and_says_so_to_who_wants_more()
    {
        var job = Start();
        await Join(job);

        job.Tell(new Cancel(Job), TestActor);
        Assert.Equal(JobState.Cancelled, (await ExpectMsgAsync<JobView>()).State);
        job.Tell(new Cancel(Job), TestActor);
        Assert.Equal(JobState.Cancelled, (await ExpectMsgAsync<JobView>()).State);
        job.Tell(new Resume(Job), TestActor);

        Assert.Equal("The job is Cancelled; it cannot be resumed.", (await ExpectMsgAsync<Refused>()).Reason);
        job.Tell(new GetModel(Job), TestActor);
        Assert.Equal("The job is Cancelled and has no weights.", (await ExpectMsgAsync<Refused>()).Reason);
    }

    [DatabaseFact]
    public async Task Tells_its_watchers_that_it_waits_for_workers()
    {
        var waiting = Spec with { Placement = Spec.Placement with { MinimumWorkers = 2 } };
        var job = Sys.ActorOf(TrainingJobActor.Props(Submitted(waiting), Services));
        job.Tell(new Watch(Job, 0, TestActor));

        await Join(job);

        var snapshot = await Snapshot(view => view.Reason == "Waits for workers: 1 of at least 2 are there.");
        Assert.Equal(JobState.Placing, snapshot.Job.State);
    }

    [DatabaseFact]
    public async Task Tells_its_watchers_for_whom_a_step_waits_and_where_a_late_shard_is()
    {
        var job = Start();
        job.Tell(new Watch(Job, 0, TestActor));
        await Join(job);

        job.Tell(new JobProtocol.LanesLate(
            First, 0, [new JobProtocol.LateWorker(new WorkerId("worker-1"), new NodeId("node-1"), [2, 3], 4, null)], [new JobProtocol.LateShard(0, 5)]));

        var snapshot = await Snapshot(view => !view.Waits.IsEmpty);
        Assert.Equal(
            ["step 1 waits 4 s for node-1 (lanes 2–3)", "step 1 waits 5 s for shard 0 on node-1"],
            snapshot.Job.Waits.Select(wait => wait.Text));
        job.Tell(new GetJob(Job), TestActor);
        Assert.Equal(2, (await FishForMessageAsync<JobView>(_ => true)).Waits.Length);
    }

    [DatabaseFact]
    public async Task Clears_away_checkpoints_that_a_crash_right_after_its_end_has_left()
    {
        var job = Start();
        await Join(job);
        job.Tell(new Cancel(Job), TestActor);
        await ExpectMsgAsync<JobView>();
        Watch(job);
        Sys.Stop(job);
        await ExpectTerminatedAsync(job);
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        var left = new PartKey(Job, PartNames.Lanes, 1, 4);
        parts.Tell(new CheckpointPartActor.Save(left, new byte[] { 1 }), TestActor);
        var hash = (await ExpectMsgAsync<CheckpointPartActor.Saved>()).Sha256;

        Start();

        await AwaitAssertAsync(async () =>
        {
            parts.Tell(new CheckpointPartActor.Load(left, hash), TestActor);
            await FishForMessageAsync(message => message is CheckpointPartActor.Unreadable, TimeSpan.FromMilliseconds(500));
        });
    }

    [DatabaseFact]
    public async Task Begins_a_new_incarnation_when_a_shard_is_lost_and_asks_for_its_shards_again()
    {
        var job = Start();
        var first = await Join(job);

        Sys.Stop(first.Shards[0]);

        var second = await NextLife(first.Epoch);
        Assert.NotEqual(first.Shards[0], Assert.Single(second.Shards));
    }

    [DatabaseFact]
    public async Task Loses_the_workers_of_a_node_whose_connection_broke_and_asks_it_again()
    {
        var job = Start();
        await Join(job);

        job.Tell(new ClusterWatchActor.LinkLost(Services.Node));

        await _node.FishForMessageAsync(message => message is TakePart);
        await Join(job);
    }

    [DatabaseFact]
    public async Task Rests_where_it_is_when_its_server_is_about_to_stop()
    {
        var job = Start();
        await Join(job);

        job.Tell(new TrainingJobActor.Drain(), TestActor);

        await ExpectMsgAsync(new TrainingJobActor.Drained(Job));
        await _node.FishForMessageAsync(message => message is LeaveRun);
        job.Tell(new GetJob(Job), TestActor);
        Assert.NotEqual(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);
    }

    [DatabaseFact]
    public async Task Lets_a_node_go_that_is_about_to_stop_and_has_no_lanes()
    {
        var job = Start();
        await Join(job);

        // As if its shards were elsewhere: this node is the job's own, where it would rest first.
        job.Tell(new NodeLeaves(Job, new NodeId("other")), TestActor);
        await AwaitAssertAsync(async () =>
        {
            job.Tell(new NodeLeaves(Job, new NodeId("other")), TestActor);
            await ExpectMsgAsync<NodeReleased>(TimeSpan.FromSeconds(1));
        });
    }

    [DatabaseFact]
    public async Task Takes_no_more_watchers_than_it_may()
    {
        var job = Start();
        for (var i = 0; i < JobWatchers.MaximumWatchers; i++)
        {
            job.Tell(new Watch(Job, 0, CreateTestProbe()));
        }

        job.Tell(new Watch(Job, 0, TestActor));

        Assert.Contains("64 watch the job already", (await ExpectMsgAsync<Refused>()).Reason, StringComparison.Ordinal);
    }

    private async Task<Members> Join(IActorRef job)
    {
        // The node hears again and again what it has not answered, from an earlier life of the job too.
        var ask = await _node.FishForMessageAsync(message => message is TakePart && _node.LastSender.Equals(job));
        Assert.Equal(2, ((TakePart)ask).Workers);
        job.Tell(new NodeJoined(Job, Services.Node, _replica, [new WorkerPlace(new WorkerId("worker-1"), _replica)]));
        return (Members)await _replica.FishForMessageAsync(message => message is Members);
    }

    private async Task<Members> NextLife(Epoch before) =>
        (Members)await _replica.FishForMessageAsync(message => message is Members members && members.Epoch.IsNewerThan(before));
}
