using ActorTrainer.Cluster.Runs;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>A server's door, what of a job's shards is behind it, and when they go.</summary>
public sealed class ServerDoorActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition(shards: 4);
    private static readonly Epoch Second = First with { Incarnation = 2 };

    private readonly TestProbe _job;
    private readonly IActorRef _door;

    public ServerDoorActorSpecs()
    {
        _job = CreateTestProbe();
        _door = Sys.ActorOf(ServerDoorActor.Props(Services));
    }

    [Fact]
    public async Task Holds_the_shards_it_is_asked_for_and_is_asked_for_more_of()
    {
        _door.Tell(Hold(First, 1, 3), _job);
        var held = await _job.ExpectMsgAsync<ShardsHeld>();
        Assert.Equal([1, 3], held.Shards.Select(shard => shard.Index));

        _door.Tell(Hold(First, 0, 1), _job);

        var more = await FishForShards(3);
        Assert.Equal([0, 1, 3], more.Shards.Select(shard => shard.Index));
        Assert.Equal(held.Shards[0].Place, more.Shards[1].Place);
    }

    [Fact]
    public async Task Lets_the_shards_of_an_older_life_go_and_refuses_it()
    {
        _door.Tell(Hold(First, 0), _job);
        var older = Watch((await FishForShards(1)).Shards[0].Place);

        _door.Tell(Hold(Second, 0), _job);
        await ExpectTerminatedAsync(older);
        _door.Tell(Hold(First, 0), TestActor);

        await ExpectMsgAsync(new StepProtocol.Stale(Second));
    }

    [Fact]
    public async Task Lets_shards_go_when_they_are_released_but_not_for_an_older_life()
    {
        _door.Tell(Hold(Second, 0), _job);
        var shard = Watch((await FishForShards(1)).Shards[0].Place);

        _door.Tell(new ReleaseShards(First), _job);
        _door.Tell(Hold(Second, 0), _job);
        Assert.Equal(shard, (await FishForShards(1)).Shards[0].Place);
        _door.Tell(new ReleaseShards(Second), _job);

        await ExpectTerminatedAsync(shard);
    }

    [Fact]
    public async Task Lets_shards_go_with_the_job_that_wanted_them()
    {
        _door.Tell(Hold(First, 0), _job);
        var shard = Watch((await FishForShards(1)).Shards[0].Place);

        Sys.Stop(_job);

        await ExpectTerminatedAsync(shard);
    }

    [Fact]
    public async Task Lets_all_shards_of_a_life_go_with_one_of_them()
    {
        _door.Tell(Hold(First, 0, 1), _job);
        var shards = (await FishForShards(2)).Shards;
        Watch(shards[1].Place);

        Sys.Stop(shards[0].Place);

        await ExpectTerminatedAsync(shards[1].Place);
    }

    [Fact]
    public async Task Says_why_it_cannot_hold_shards()
    {
        var text = Spec with { Recipe = Spec.Recipe with { Data = new DataRecipe.Text(new string('0', 64), 8, 0.1) } };

        _door.Tell(Hold(First, 0) with { Spec = text }, _job);

        Assert.Contains("There is no data set 0000", (await _job.ExpectMsgAsync<ShardsRefused>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_its_jobs_that_the_node_stops_until_they_let_it_go()
    {
        _door.Tell(Hold(First, 0), _job);
        await FishForShards(1);

        _door.Tell(LeaveJobs.Instance, TestActor);
        await _job.ExpectMsgAsync(new NodeLeaves(Job, Services.Node));
        await _job.ExpectMsgAsync(new NodeLeaves(Job, Services.Node));
        _door.Tell(new NodeReleased(Job), _job);

        await ExpectMsgAsync(JobsLeft.Instance);
        _door.Tell(Hold(Second, 0), _job);
        Assert.Contains("about to stop", ((ShardsRefused)await _job.FishForMessageAsync(message => message is ShardsRefused)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_ready_to_stop_at_once_where_it_holds_nothing()
    {
        _door.Tell(LeaveJobs.Instance, TestActor);

        await ExpectMsgAsync(JobsLeft.Instance);
    }

    private static HoldShards Hold(Epoch epoch, params int[] indices) =>
        new(epoch, Spec, null, [.. indices.Select(index => new ShardToHold(index, null))]);

    private async Task<ShardsHeld> FishForShards(int count) =>
        (ShardsHeld)await _job.FishForMessageAsync(message => message is ShardsHeld held && held.Shards.Length == count);
}
