using ActorTrainer.Cluster.Runs;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>A node's door, the job's part behind it, and its workers.</summary>
public sealed class NodeActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition();

    private readonly TestProbe _job;
    private readonly IActorRef _node;

    public NodeActorSpecs()
    {
        _job = CreateTestProbe();
        _node = Sys.ActorOf(Props.Create(() => new NodeActor(Services)));
    }

    [Fact]
    public async Task Makes_as_many_workers_as_the_job_asks_for()
    {
        _node.Tell(new TakePart(Job, Spec, 3), _job);

        var joined = await _job.ExpectMsgAsync<NodeJoined>();

        Assert.Equal(Services.Node, joined.Node);
        Assert.Equal(3, joined.Workers.Select(worker => worker.Worker).Distinct().Count());
    }

    [Fact]
    public async Task Answers_a_repeated_request_with_the_workers_that_are_there()
    {
        _node.Tell(new TakePart(Job, Spec, 2), _job);
        var first = await _job.ExpectMsgAsync<NodeJoined>();

        _node.Tell(new TakePart(Job, Spec, 2), _job);

        var second = await _job.ExpectMsgAsync<NodeJoined>();
        Assert.Equal(first.Workers.AsEnumerable(), second.Workers.AsEnumerable());
    }

    [Fact]
    public async Task Replaces_a_broken_worker_by_one_of_another_name()
    {
        _node.Tell(new TakePart(Job, Spec, 1), _job);
        var first = Assert.Single((await _job.ExpectMsgAsync<NodeJoined>()).Workers);

        first.Place.Tell(new LaneWork.Failed(null!, new InvalidOperationException("no")));

        Assert.Empty((await _job.ExpectMsgAsync<NodeJoined>()).Workers);
        var second = Assert.Single((await _job.ExpectMsgAsync<NodeJoined>()).Workers);
        Assert.NotEqual(first.Worker, second.Worker);
    }

    [Fact]
    public async Task Lets_workers_go_when_the_run_is_left_or_the_job_is_gone()
    {
        _node.Tell(new TakePart(Job, Spec, 1), _job);
        var first = (await _job.ExpectMsgAsync<NodeJoined>()).Replica;
        Watch(first);
        _node.Tell(new LeaveRun(Job), _job);
        await ExpectTerminatedAsync(first);

        _node.Tell(new TakePart(Job, Spec, 1), _job);
        var second = (await _job.ExpectMsgAsync<NodeJoined>()).Replica;
        Watch(second);
        Sys.Stop(_job);

        await ExpectTerminatedAsync(second);
    }

    [Fact]
    public async Task Says_why_it_cannot_take_part()
    {
        var text = Spec with { Recipe = Spec.Recipe with { Data = new DataRecipe.Text(new string('0', 64), 8, 0.1) } };

        _node.Tell(new TakePart(Job, text, 1), _job);

        Assert.Contains("There is no data set 0000", (await _job.ExpectMsgAsync<NodeRefused>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_a_worker_that_asks_for_weights_once_it_has_lanes()
    {
        var shard = CreateTestProbe();
        _node.Tell(new TakePart(Job, Spec, 1), _job);
        var joined = await _job.ExpectMsgAsync<NodeJoined>();
        var members = new Members(First, TestActor, [shard], [new NodePlace(joined.Node, joined.Replica)], joined.Workers);
        joined.Replica.Tell(members);
        joined.Workers[0].Place.Tell("what?");

        joined.Workers[0].Place.Tell(new JobProtocol.AssignLanes(First, 1, 0, [0, 1]));

        Assert.Equal(First, (await shard.ExpectMsgAsync<WeightsProtocol.AskWeights>()).Epoch);
        joined.Workers[0].Place.Tell(new JobProtocol.AssignLanes(Older, 2, 0, [0, 1]), TestActor);
        await ExpectMsgAsync(new StepProtocol.Stale(First));
    }
}
