using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

public sealed class ParameterShardActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition();

    private readonly TestProbe _job;
    private readonly TestProbe _barrier;
    private readonly TestProbe _node;

    public ParameterShardActorSpecs() => (_job, _barrier, _node) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task Tells_the_barrier_when_its_tree_is_whole_and_applies_a_commit_once()
    {
        var shard = Shard(First, from: null);
        shard.Tell(Gradient(First));
        var whole = await _barrier.FishForMessageAsync(message => message is ShardWhole);
        Assert.Equal(0, ((ShardWhole)whole).Item);

        var commit = new Commit(First, 0, 0.1f, 0.01f, false);
        shard.Tell(commit);
        shard.Tell(commit);

        await _barrier.FishForMessageAsync(message => message is Applied);
        await _barrier.ExpectMsgAsync(new Applied(First, 0, 0));
        shard.Tell(new WeightsProtocol.AskWeights(First, 0, new NodeId("node-1")));
        Assert.Equal(1, (await _node.ExpectMsgAsync<WeightsProtocol.Published>()).Version);
    }

    [Fact]
    public async Task Saves_its_part_at_a_checkpoint_and_starts_from_it_again()
    {
        var shard = Shard(First, from: null);
        shard.Tell(Gradient(First));
        await _barrier.FishForMessageAsync(message => message is ShardWhole);
        shard.Tell(new Commit(First, 0, 0.1f, 0.01f, true));
        var saved = await _job.ExpectMsgAsync<JobProtocol.PartSaved>();
        Assert.Equal(("shard-0", 0L), (saved.Part, saved.Item));

        var second = First with { Incarnation = 2 };
        var from = new CheckpointPartActor.Load(new PartKey(Job, saved.Part, 1, 0), saved.Sha256);
        var again = Shard(second, from);

        await AwaitAssertAsync(async () =>
        {
            again.Tell(new WeightsProtocol.AskWeights(second, 0, new NodeId("node-1")));
            Assert.Equal(1, (await _node.ExpectMsgAsync<WeightsProtocol.Published>(TimeSpan.FromMilliseconds(300))).Version);
        });
    }

    [Fact]
    public async Task Says_which_part_cannot_be_read()
    {
        Shard(First with { Incarnation = 2 }, new CheckpointPartActor.Load(new PartKey(Job, "shard-0", 1, 0), "any"));

        var unreadable = await _job.ExpectMsgAsync<JobProtocol.CheckpointUnreadable>();

        Assert.Equal(("shard-0", "it is not there"), (unreadable.Part, unreadable.Reason));
    }

    [Fact]
    public async Task Tells_a_late_party_which_life_counts()
    {
        var shard = Shard(First, from: null);

        shard.Tell(Gradient(Older), TestActor);

        await ExpectMsgAsync(new Stale(First));
    }

    [Fact]
    public async Task Stops_when_it_hears_of_a_newer_life()
    {
        var shard = Watch(Shard(First, from: null));

        shard.Tell(Gradient(First with { Incarnation = 2 }), TestActor);

        await ExpectTerminatedAsync(shard);
    }

    [Fact]
    public async Task Goes_on_after_a_wrong_message_and_an_offer_whose_tensor_is_gone()
    {
        var shard = Shard(First, from: null);
        shard.Tell("what?");
        shard.Tell(new Offer(First, 0, 0, new LaneBlock(0, 8), new Ticket(Services.Node, 999_999, 0, 10)));

        shard.Tell(Gradient(First));

        await _barrier.FishForMessageAsync(message => message is ShardWhole);
    }

    private IActorRef Shard(Epoch epoch, CheckpointPartActor.Load? from)
    {
        var shard = Sys.ActorOf(ParameterShardActor.Props(Run(Spec), Shards(Spec), epoch, 0, from, Services, _job));
        shard.Tell(Parties(epoch, _barrier, shard, _node, TestActor));
        return shard;
    }

    private Offer Gradient(Epoch epoch)
    {
        var gradient = Services.Tensors.Rent(Run(Spec).Layout.ParameterCount);
        gradient.Values.Fill(0.5f);
        return new Offer(epoch, 0, 0, new LaneBlock(0, 8), gradient.Publish());
    }
}
