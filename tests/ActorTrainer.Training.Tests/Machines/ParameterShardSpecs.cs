using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class ParameterShardSpecs
{
    private static readonly LaneBlock All = new(0, 4);
    private readonly MachineFixture _with = new();

    private static Commit Commit(long item = 0, float factor = 0.1f, bool checkpoint = false) =>
        new(MachineFixture.Epoch(), item, factor, 0.01f, checkpoint);

    [Fact]
    public void Says_that_it_is_whole_with_the_squares_of_its_own_blocks_until_the_commit()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, new LaneBlock(0, 2), value: 1));
        Assert.Empty(_with.Outbox.Sent<ShardWhole>());

        shard.Handle(_with.Offer(0, new LaneBlock(2, 2), value: 2));
        shard.Tick();
        Assert.Single(_with.Outbox.Sent<ShardWhole>());
        shard.Tick();

        Assert.Equal(2, _with.Outbox.Sent<ShardWhole>().Count);
        var whole = _with.Outbox.Sent<ShardWhole>()[0].Message;
        Assert.Equal(9.0 * _with.Shards.Range(0).Count, whole.Squares.Sum(subtree => subtree.Squares));
        _with.Outbox.Clear();
        shard.Handle(Commit());
        shard.Tick();
        Assert.Empty(_with.Outbox.Sent<ShardWhole>());
    }

    [Fact]
    public void Drops_its_tree_for_that_of_a_later_attempt_and_takes_nothing_of_an_earlier()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, All, value: float.NaN));
        Assert.Equal(0, _with.Outbox.Only<ShardWhole>().Attempt);
        _with.Outbox.Clear();

        shard.Handle(_with.Offer(0, new LaneBlock(0, 2), value: 1) with { Attempt = 1 });
        shard.Tick();
        Assert.Empty(_with.Outbox.Sent<ShardWhole>());
        shard.Handle(_with.Offer(0, All, value: float.NaN));
        shard.Handle(_with.Offer(0, new LaneBlock(2, 2), value: 2) with { Attempt = 1 });

        var whole = _with.Outbox.Only<ShardWhole>();
        Assert.Equal(1, whole.Attempt);
        Assert.Equal(9.0 * _with.Shards.Range(0).Count, whole.Squares.Sum(subtree => subtree.Squares));
    }

    [Fact]
    public void Applies_a_commit_once_however_often_it_comes()
    {
        var shard = _with.Shard();
        var before = shard.Weights.ToArray();
        shard.Handle(_with.Offer(0, All));

        shard.Handle(Commit());
        var after = shard.Weights.ToArray();
        shard.Handle(Commit());
        shard.Handle(Commit());

        Assert.NotEqual(before, after);
        Assert.Equal(after, shard.Weights.ToArray());
        Assert.Equal(1, shard.Version);
        Assert.Equal(3, _with.Outbox.Sent<Applied>().Count);
    }

    [Fact]
    public void Applies_nothing_before_it_is_whole_and_nothing_of_another_item()
    {
        var shard = _with.Shard();
        shard.Handle(Commit());
        shard.Handle(_with.Offer(0, All));
        shard.Handle(Commit(item: 1));

        Assert.Equal(0, shard.Version);
        Assert.Empty(_with.Outbox.Sent<Applied>());
    }

    [Fact]
    public void Moves_only_the_version_at_a_factor_of_zero()
    {
        var shard = _with.Shard();
        var before = shard.Weights.ToArray();
        shard.Handle(_with.Offer(0, All));

        shard.Handle(Commit(factor: 0));

        Assert.Equal(before, shard.Weights.ToArray());
        Assert.Equal(1, shard.Version);
    }

    [Fact]
    public void Says_now_and_then_which_lanes_no_offer_has_covered()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, new LaneBlock(1, 1)));

        for (var tick = 0; tick < 10; tick++)
        {
            shard.Tick();
        }

        Assert.Equal<LaneBlock>([new LaneBlock(0, 1), new LaneBlock(2, 2)], _with.Outbox.Only<ShardMisses>().Missing);
        _with.Outbox.Clear();
        shard.Handle(_with.Offer(0, All));
        for (var tick = 0; tick < 20; tick++)
        {
            shard.Tick();
        }

        Assert.Empty(_with.Outbox.Sent<ShardMisses>());
    }

    [Theory]
    [InlineData(0, 3, 1, 0)] // no node of the tree
    [InlineData(2, 4, 1, 0)] // beyond the lanes
    [InlineData(1, 2, 1, 0)] // not aligned
    [InlineData(0, 4, 2, 0)] // a later item
    [InlineData(0, 4, 0, 1)] // another shard
    public void Drops_an_offer_that_is_not_of_its_tree(int first, int count, long item, int shardIndex)
    {
        var shard = _with.Shard();
        var offer = _with.Offer(0, new LaneBlock(first, count), item) with { Shard = shardIndex };

        shard.Handle(offer);
        shard.Tick();

        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Drops_an_offer_of_the_wrong_length_or_whose_tensor_is_gone()
    {
        var shard = _with.Shard();
        var held = _with.Tensors.LeasedBuffers;

        shard.Handle(_with.Offer(0, All) with { Gradient = new Ticket(MachineFixture.Node, 99, 0, _with.Shards.Range(0).Count) });
        shard.Handle(_with.Offer(0, All) with { Gradient = _with.Tensor(7) });

        Assert.Empty(_with.Outbox.Sent<ShardWhole>());
        Assert.Equal(held + 3, _with.Tensors.LeasedBuffers);
    }

    [Fact]
    public void Publishes_every_version_to_whoever_asked_once()
    {
        var shard = _with.Shard();
        shard.Handle(new AskWeights(MachineFixture.Epoch(), 0, new NodeId("n")));
        Assert.Equal(0, _with.Outbox.Only<Published>().Version);
        _with.Outbox.Clear();

        shard.Handle(_with.Offer(0, All));
        shard.Handle(Commit());

        Assert.Equal(1, _with.Outbox.Only<Published>().Version);
        _with.Outbox.Clear();
        shard.Handle(new NodeLost(new NodeId("n")));
        shard.Handle(_with.Offer(0, All, item: 1));
        shard.Handle(Commit(item: 1));
        Assert.Empty(_with.Outbox.Sent<Published>());
    }

    [Fact]
    public void Answers_nothing_while_loading()
    {
        var shard = new ParameterShard(_with.Run, _with.Shards, MachineFixture.Epoch(), 0, _with.Tensors, _with.Outbox);

        shard.Handle(new AskWeights(MachineFixture.Epoch(), 0, new NodeId("n")));
        shard.Handle(_with.Offer(0, All));

        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Tells_an_older_life_of_the_newer_and_stops_for_a_newer()
    {
        var shard = _with.Shard();

        shard.Handle(_with.Offer(0, All, incarnation: 0));
        Assert.Equal(MachineFixture.Epoch(), _with.Outbox.Only<Stale>().Current);
        shard.Handle(_with.Offer(0, All, incarnation: 2));
        Assert.Equal(MachineFixture.Epoch(2), _with.Outbox.OnlyEffect<Effect.StopSelf>().Newer);
        _with.Outbox.Clear();
        shard.Handle(_with.Offer(0, All));
        shard.Tick();
        Assert.True(_with.Outbox.IsSilent);
    }

    [Fact]
    public void Goes_on_from_its_part_with_the_same_bits()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, All, value: 3));
        shard.Handle(Commit(checkpoint: true));
        var part = _with.Outbox.OnlyEffect<Effect.SavePart>().Content.ToArray();
        shard.Handle(_with.Offer(0, All, item: 1, value: -2));
        shard.Handle(Commit(item: 1));

        var second = new ParameterShard(_with.Run, _with.Shards, MachineFixture.Epoch(), 0, _with.Tensors, _with.Outbox);
        second.Load(part);
        second.Handle(_with.Offer(0, All, item: 1, value: -2));
        second.Handle(Commit(item: 1));

        Assert.Equal(2, second.Version);
        Assert.Equal(shard.Weights.ToArray(), second.Weights.ToArray());
    }

    [Fact]
    public void Says_what_became_of_its_part_until_the_job_has_settled_the_checkpoint()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, All));
        shard.Handle(Commit(checkpoint: true));
        shard.Handle(Commit(checkpoint: true));
        Assert.Single(_with.Outbox.Effects<Effect.SavePart>());

        shard.Handle(new PartStored(MachineFixture.Epoch(), 0, "abc"));
        shard.Tick();
        Assert.Equal(2, _with.Outbox.Sent<PartSaved>().Count);
        Assert.Equal("shard-0", _with.Outbox.Sent<PartSaved>()[0].Message.Part);

        shard.Handle(new CheckpointSettled(MachineFixture.Epoch(), 0, true));
        _with.Outbox.Clear();
        shard.Tick();
        shard.Handle(Commit(checkpoint: true));
        Assert.Empty(_with.Outbox.Sent<PartSaved>());
        Assert.Empty(_with.Outbox.Effects<Effect.SavePart>());
    }

    [Fact]
    public void Saves_a_part_again_after_the_checkpoint_was_given_up()
    {
        var shard = _with.Shard();
        shard.Handle(_with.Offer(0, All));
        shard.Handle(Commit(checkpoint: true));
        shard.Handle(new PartNotStored(MachineFixture.Epoch(), 0, "full"));
        Assert.Equal("full", _with.Outbox.Only<PartFailed>().Reason);
        shard.Handle(new CheckpointSettled(MachineFixture.Epoch(), 0, false));

        shard.Handle(Commit(checkpoint: true));

        Assert.Equal(2, _with.Outbox.Effects<Effect.SavePart>().Count);
        Assert.Equal(1, shard.Version);
    }

    [Fact]
    public void Refuses_a_part_that_is_not_its_own()
    {
        var other = _with.Shard(index: 1);
        other.Handle(_with.Offer(1, All));
        other.Handle(Commit(checkpoint: true));
        var part = _with.Outbox.OnlyEffect<Effect.SavePart>().Content.ToArray();
        var shard = new ParameterShard(_with.Run, _with.Shards, MachineFixture.Epoch(), 0, _with.Tensors, _with.Outbox);

        Assert.Throws<InvalidDataException>(() => shard.Load(part));
        Assert.Throws<InvalidDataException>(() => shard.Load(part.AsSpan(0, 20)));
        Assert.Throws<InvalidDataException>(() => shard.Load(part.AsSpan(0, part.Length - 1)));
        Assert.False(shard.IsLoaded);
    }
}
