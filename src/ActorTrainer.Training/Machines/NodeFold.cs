using System.Collections.Immutable;
using System.Numerics;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Folds what the workers of one node have of a step, so that one block leaves the node where the tree allows it
/// (P3, B4), and offers it to the shards until the step is committed.
/// </summary>
/// <remarks>
/// <para>
/// A fold goes out at once when all lanes that the node's workers own are in it. Where nothing has come for
/// <see cref="PatientTicks"/> ticks, somebody may wait for what is there, and it goes out; what comes after that
/// goes out as a larger block, which replaces the smaller. Earlier, it would cross the network several times.
/// </para>
/// <para>
/// P6: a later item, from a worker or by the version that follows, is the acknowledgement. P11: the first offer of a
/// later attempt makes it drop what an earlier one brought.
/// </para>
/// </remarks>
internal sealed class NodeFold(TrainingRun run, ShardLayout shards, TensorStore store, IOutbox outbox)
{
    /// <summary>Ticks without a share of a worker, after which a part of the node's lanes is offered.</summary>
    internal const int PatientTicks = 10;

    private readonly LaneCover _cover = new(store);
    private readonly Dictionary<WorkerId, ImmutableArray<int>> _owned = [];
    private readonly HashSet<LaneBlock> _offered = [];
    private long _item = -1;
    private int _attempt;
    private bool _isOpen;
    private int _ticks;

    private bool HasAllOwned => _owned.Values.All(lanes => lanes.All(lane => _cover.Covers(new LaneBlock(lane, 1))));

    /// <summary>Takes a share of a worker's sum.</summary>
    public void Take(NodeOffer offer)
    {
        if (!IsOfTree(offer) || offer.Item < _item || offer.Attempt < _attempt)
        {
            return;
        }

        if (offer.Item > _item || offer.Attempt > _attempt)
        {
            Open(offer.Item, offer.Attempt);
        }

        if (!_isOpen || _cover.Covers(offer.Block) || !store.TryOpen(offer.Gradient, out var gradient))
        {
            return;
        }

        _cover.Offer(offer.Block, gradient);
        _ticks = 0;
        if (HasAllOwned)
        {
            Offer(offer.Epoch, block => _offered.Add(block));
        }
    }

    /// <summary>A worker says what is its own, and how far the run is.</summary>
    public void Take(LanesOwned owned)
    {
        _owned[owned.Worker] = owned.Lanes;
        if (owned.Item > _item)
        {
            Close();
        }
    }

    /// <summary>Nothing comes from this worker any more, and nobody waits for it.</summary>
    public void Lose(WorkerId worker) => _owned.Remove(worker);

    /// <summary>A version is published: the step that made it is committed.</summary>
    public void Passed(long version)
    {
        if (_isOpen && run.Plan[_item].VersionAfter <= version)
        {
            Close();
        }
    }

    /// <summary>Offers again what has been offered (P6), once a whole tick has gone since, and after some patience the rest.</summary>
    public void Tick(Epoch epoch)
    {
        if (_isOpen)
        {
            var again = ++_ticks > 1;
            var all = _ticks >= PatientTicks || HasAllOwned;
            Offer(epoch, block => (again && _offered.Contains(block)) || (all && _offered.Add(block)));
        }
    }

    /// <summary>Forgets everything: another life begins.</summary>
    public void Forget()
    {
        Close();
        _owned.Clear();
        (_item, _attempt) = (-1, 0);
    }

    private void Open(long item, int attempt)
    {
        Close();
        (_item, _attempt, _isOpen, _ticks) = (item, attempt, true, 0);
        var present = run.Rows(run.Plan[item]);
        var empty = new bool[run.Lanes.Lanes];
        for (var lane = 0; lane < empty.Length; lane++)
        {
            empty[lane] = run.Lanes.IsEmpty(lane, present);
        }

        _cover.Begin(empty);
    }

    private void Close()
    {
        _isOpen = false;
        _cover.Release();
        _offered.Clear();
    }

    private void Offer(Epoch epoch, Func<LaneBlock, bool> isDue)
    {
        foreach (var (block, sum) in _cover.Publish())
        {
            if (isDue(block))
            {
                // Upper layers travel first.
                for (var shard = shards.Count - 1; shard >= 0; shard--)
                {
                    var range = shards.Range(shard);
                    outbox.Send(Party.Shard(shard), new Offer(epoch, _item, shard, block, sum.Slice(range.First, range.Count), _attempt));
                }
            }
        }
    }

    private bool IsOfTree(NodeOffer offer) =>
        offer.Item >= 0 && offer.Item < run.Plan.Items && run.Plan[offer.Item].IsTraining
        && offer.Gradient.Length == run.Layout.ParameterCount
        && offer.Block.Count > 0 && BitOperations.IsPow2(offer.Block.Count) && offer.Block.First >= 0
        && offer.Block.First % offer.Block.Count == 0 && offer.Block.End <= run.Lanes.Lanes;
}
