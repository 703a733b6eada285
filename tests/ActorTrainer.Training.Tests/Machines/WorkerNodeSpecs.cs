using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class WorkerNodeSpecs : IDisposable
{
    private readonly MachineFixture _with = new();
    private readonly WeightsReplica _replica;
    private readonly WorkerNode _node;

    public WorkerNodeSpecs()
    {
        _replica = new WeightsReplica(_with.Run.Network);
        _node = new WorkerNode(_with.Run, _with.Shards, new NodeId("n"), _replica, _with.Tensors, _with.Outbox);
    }

    public void Dispose()
    {
        _node.Dispose();
        _replica.Dispose();
    }

    private void Ask(long version, string worker = "w", long incarnation = 1) =>
        _node.Handle(new AskVersion(MachineFixture.Epoch(incarnation), version, new WorkerId(worker)));

    private void Publish(int shard, long version, float value = 1, long incarnation = 1) => _node.Handle(
        new Published(MachineFixture.Epoch(incarnation), shard, version, _with.Tensor(_with.Shards.Range(shard).Count, value)));

    [Fact]
    public void Asks_every_shard_and_says_when_the_version_is_whole()
    {
        Ask(0);
        Assert.Equal([0, 1], _with.Outbox.Sent<AskWeights>().Select(sent => sent.Message.Shard));

        Publish(1, 0, 5);
        Assert.Empty(_with.Outbox.Sent<VersionWhole>());
        Publish(0, 0, 4);

        Assert.Equal(0, _with.Outbox.Only<VersionWhole>().Version);
        Assert.True(_replica.TryLease(MachineFixture.Epoch(), 0, out var lease));
        Assert.Equal((4f, 5f), (lease.Weights.Values[0], lease.Weights.Values[^1]));
        lease.Release();
    }

    [Fact]
    public void Tells_every_worker_of_every_later_version_unasked()
    {
        Ask(0);
        Ask(0, "v");
        Publish(0, 0);
        Publish(1, 0);
        _with.Outbox.Clear();

        Publish(0, 1);
        Publish(1, 1);

        Assert.Equal(["v", "w"], _with.Outbox.Sent<VersionWhole>().Select(sent => sent.To.Name!));
    }

    [Fact]
    public void Never_mixes_versions()
    {
        Ask(0);
        Publish(0, 0);
        Publish(1, 1);
        Assert.Empty(_with.Outbox.Sent<VersionWhole>());
        Publish(0, 0);
        Assert.Empty(_with.Outbox.Sent<VersionWhole>());

        Publish(0, 1);

        Assert.Equal(1, _with.Outbox.Only<VersionWhole>().Version);
    }

    [Fact]
    public void Asks_again_only_for_what_is_missing()
    {
        Ask(0);
        Publish(1, 0);
        _with.Outbox.Clear();

        _node.Tick();
        Assert.Equal([0], _with.Outbox.Sent<AskWeights>().Select(sent => sent.Message.Shard));
        Publish(0, 0);
        _with.Outbox.Clear();
        _node.Tick();
        Assert.True(_with.Outbox.IsSilent);

        Ask(1);
        _with.Outbox.Clear();
        _node.Tick();
        Assert.Equal([0, 1], _with.Outbox.Sent<AskWeights>().Select(sent => sent.Message.Shard));
    }

    [Fact]
    public void Answers_a_worker_that_asks_for_what_is_there()
    {
        Ask(0);
        Publish(0, 0);
        Publish(1, 0);
        _with.Outbox.Clear();

        Ask(0, "late");

        Assert.Equal(Party.Worker(new WorkerId("late")), Assert.Single(_with.Outbox.Sent<VersionWhole>()).To);
    }

    [Fact]
    public void Writes_nothing_that_somebody_reads()
    {
        Ask(0);
        for (var version = 0; version < 2; version++)
        {
            Publish(0, version, version);
            Publish(1, version, version);
        }

        Assert.True(_replica.TryLease(MachineFixture.Epoch(), 0, out var straggler));
        Publish(0, 2, 2);
        Publish(1, 2, 2);
        Assert.Equal(1, _node.WholeVersion);
        Assert.Equal(0, straggler.Weights.Values[0]);
        Assert.True(_replica.TryLeaseNewest(out var newest));
        Assert.Equal(1, newest.Version);
        newest.Release();

        straggler.Release();
        _node.Tick();

        Assert.Equal(2, _node.WholeVersion);
        Assert.Throws<ObjectDisposedException>(straggler.Release);
    }

    [Fact]
    public void Ignores_a_part_of_the_wrong_length_or_an_unknown_shard()
    {
        Ask(0);
        _node.Handle(new Published(MachineFixture.Epoch(), 0, 0, _with.Tensor(3)));
        _node.Handle(new Published(MachineFixture.Epoch(), 9, 0, _with.Tensor(3)));
        Publish(1, 0);

        Assert.Equal(-1, _node.WholeVersion);
    }

    [Fact]
    public void Forgets_its_parts_for_a_newer_life_and_tells_an_older_one()
    {
        Ask(0);
        Publish(0, 0);
        Publish(1, 0);
        Ask(0, incarnation: 2);
        _with.Outbox.Clear();

        Publish(0, 1);
        Assert.Equal(MachineFixture.Epoch(2), _with.Outbox.Only<Stale>().Current);
        Assert.Equal(-1, _node.WholeVersion);
        Publish(0, 0, incarnation: 2);
        Publish(1, 0, incarnation: 2);
        Assert.True(_replica.TryLease(MachineFixture.Epoch(2), 0, out var lease));
        lease.Release();
    }
}
