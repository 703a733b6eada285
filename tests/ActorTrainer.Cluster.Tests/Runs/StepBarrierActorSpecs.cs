using ActorTrainer.Cluster.Runs;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

public sealed class StepBarrierActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition();
    private static readonly WorkerId WorkerName = new("worker-1");

    private readonly TestProbe _job;
    private readonly TestProbe _worker;

    public StepBarrierActorSpecs() => (_job, _worker) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Follows_an_assignment_and_tells_the_worker_its_lanes()
    {
        var barrier = Barrier();

        barrier.Tell(Assign(First, 1), _job);

        await _job.ExpectMsgAsync(new AssignmentTaken(First, 1));
        var lanes = await _worker.ExpectMsgAsync<AssignLanes>();
        Assert.Equal((1L, 0L), (lanes.Generation, lanes.FirstItem));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], lanes.Lanes.AsEnumerable());
    }

    [Fact]
    public async Task Takes_a_repeated_assignment_for_the_one_it_follows()
    {
        var barrier = Barrier();
        barrier.Tell(Assign(First, 1), _job);
        await _job.ExpectMsgAsync(new AssignmentTaken(First, 1));

        barrier.Tell(Assign(First, 1), _job);

        await _job.ExpectMsgAsync(new AssignmentTaken(First, 1));
    }

    [Fact]
    public async Task Tells_a_late_party_which_life_counts()
    {
        var barrier = Barrier();

        barrier.Tell(new AskLaneStates(Older, 0, WorkerName, [0]), TestActor);

        await ExpectMsgAsync(new Stale(First));
    }

    [Fact]
    public async Task Holds_at_once_where_nothing_was_committed()
    {
        var barrier = Barrier();

        barrier.Tell(new HoldAtEdge(First), _job);

        await _job.ExpectMsgAsync(new Held(First, -1));
    }

    [Fact]
    public async Task Goes_on_after_a_wrong_message()
    {
        var barrier = Barrier();

        barrier.Tell("what?");
        barrier.Tell(Assign(First, 1), _job);

        await _job.ExpectMsgAsync(new AssignmentTaken(First, 1));
    }

    private IActorRef Barrier()
    {
        var barrier = Sys.ActorOf(StepBarrierActor.Props(Run(Spec), Shards(Spec), First, 5, null, Services, _job));
        barrier.Tell(Parties(First, barrier, TestActor, TestActor, _worker));
        return barrier;
    }

    private static Assign Assign(Epoch epoch, long generation) =>
        new(epoch, generation, [new LaneOwner(WorkerName, new NodeId("n"), [0, 1, 2, 3, 4, 5, 6, 7])]);
}
