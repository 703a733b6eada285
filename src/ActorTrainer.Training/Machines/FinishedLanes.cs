using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What a worker has computed of its current item and keeps until the item is committed (P6). Sums go to the
/// shards, or to the node that folds them with its other workers'.
/// </summary>
internal sealed class FinishedLanes(ShardLayout shards)
{
    private readonly SortedDictionary<int, (LossSums Sums, TensorLease State)> _lanes = [];
    private readonly List<(LaneBlock Block, TensorLease Gradient)> _blocks = [];
    private long _item;
    private int _attempt;

    public bool Holds(int lane) => _lanes.ContainsKey(lane);

    /// <summary>Takes over the leases of a result.</summary>
    public void Add(Computed computed)
    {
        (_item, _attempt) = (computed.Order.Item.Number, computed.Order.Attempt);
        for (var i = 0; i < computed.Order.Lanes.Length; i++)
        {
            _lanes.Add(computed.Order.Lanes[i], (computed.Sums[i], computed.States[i]));
        }

        for (var i = 0; i < computed.Order.Blocks.Length; i++)
        {
            _blocks.Add((computed.Order.Blocks[i], computed.Gradients[i]));
        }
    }

    /// <summary>Offers and reports one result, which was added before.</summary>
    /// <param name="folder">The node that folds; null: nobody does.</param>
    public void Say(IOutbox outbox, Computed computed, WorkerId worker, long generation, NodeId? folder)
    {
        var order = computed.Order;
        for (var i = 0; i < order.Blocks.Length; i++)
        {
            Offer(outbox, order.Epoch, order.Blocks[i], computed.Gradients[i], folder);
        }

        Report(outbox, order.Epoch, worker, generation, order.Lanes);
    }

    /// <summary>Offers and reports everything again.</summary>
    /// <param name="folder">The node that folds; null: nobody does.</param>
    public void SayAll(IOutbox outbox, Epoch epoch, WorkerId worker, long generation, NodeId? folder)
    {
        foreach (var (block, gradient) in _blocks)
        {
            Offer(outbox, epoch, block, gradient, folder);
        }

        Report(outbox, epoch, worker, generation, _lanes.Keys);
    }

    /// <summary>Whether every number is finite.</summary>
    public bool AreFinite() =>
        _lanes.Values.All(lane => double.IsFinite(lane.Sums.Loss) && AreFinite(lane.State))
        && _blocks.TrueForAll(block => AreFinite(block.Gradient));

    public void Release()
    {
        foreach (var (_, state) in _lanes.Values)
        {
            state.Release();
        }

        foreach (var (_, gradient) in _blocks)
        {
            gradient.Release();
        }

        _lanes.Clear();
        _blocks.Clear();
    }

    private void Offer(IOutbox outbox, Epoch epoch, LaneBlock block, TensorLease gradient, NodeId? folder)
    {
        var whole = gradient.Publish();
        if (folder is { } node)
        {
            outbox.Send(Party.Node(node), new NodeOffer(epoch, _item, block, whole, _attempt));
            return;
        }

        // One tensor, cut along the shards by tickets alone; upper layers travel first.
        for (var shard = shards.Count - 1; shard >= 0; shard--)
        {
            var range = shards.Range(shard);
            outbox.Send(Party.Shard(shard), new Offer(epoch, _item, shard, block, whole.Slice(range.First, range.Count), _attempt));
        }
    }

    private void Report(IOutbox outbox, Epoch epoch, WorkerId worker, long generation, IEnumerable<int> lanes)
    {
        foreach (var page in lanes.Chunk(LanesPerMessage))
        {
            outbox.Send(Party.Barrier, new LanesReported(epoch, _item, worker, generation, [.. page.Select(Result)], _attempt));
        }
    }

    private static bool AreFinite(TensorLease tensor)
    {
        foreach (var value in tensor.Values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private LaneResult Result(int lane)
    {
        var (sums, state) = _lanes[lane];
        return new LaneResult(lane, sums, state.IsHeld ? state.Publish() : null);
    }
}
