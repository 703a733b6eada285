using System.Collections.Immutable;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Computes the lanes it owns, item by item. Idle → Computing → Offering → Idle at sight of the commit.
/// </summary>
/// <remarks>
/// <para>
/// Starts an item once all items before it are known to be committed, its node holds the item's version
/// (P5), and it has the state of every lane it owns: its own results of the item before, or the barrier's.
/// </para>
/// <para>
/// P2, P3: lanes that a new generation adds in the middle of an item are computed for that item too, after
/// what is being computed, and offered in blocks of their own. Lanes that it takes away are still offered.
/// </para>
/// <para>
/// P7: lanes of a late owner are copied: computed, kept and said for one item like its own, if it is still that item.
/// </para>
/// <para>
/// P6: what is known to be missing is said or asked again at every <see cref="Tick"/> that a whole tick without
/// news has gone before; an offer is kept until the item's commit is seen, or the version that it made.
/// </para>
/// </remarks>
public sealed class Worker : IDisposable
{
    private readonly TrainingRun _run;
    private readonly WorkerId _id;
    private readonly NodeId _node;
    private readonly WeightsReplica _replica;
    private readonly TensorStore _store;
    private readonly IOutbox _outbox;
    private readonly LaneStateBook _trainingStates = new();
    private readonly LaneStateBook _validationStates = new();
    private readonly FinishedLanes _finished;
    private Epoch? _epoch;
    private long _generation = -1;
    private ImmutableArray<int> _lanes = [];
    private ImmutableArray<int> _copied = [];
    private long _item;
    private int _attempt;
    private ComputeOrder? _computing;
    private bool _nodeAsked;
    private bool _nodeFolds;
    private long _notFinite = -1;
    private long _statesAskedFor = -1;
    private int _quietTicks;

    public Worker(TrainingRun run, ShardLayout shards, WorkerId id, NodeId node, WeightsReplica replica, TensorStore store, IOutbox outbox)
    {
        (_run, _id, _node, _replica, _store, _outbox) = (run, id, node, replica, store, outbox);
        _finished = new FinishedLanes(shards);
    }

    /// <summary>The first item not known to be committed.</summary>
    public long Item => _item;

    /// <summary>Whether an order is out that <see cref="Computed"/> has not answered.</summary>
    public bool IsComputing => _computing is not null;

    /// <summary>
    /// Whether tensors that a message names would be used if they were here now; without effect. Whoever
    /// brings messages from other processes asks before the tensors are fetched.
    /// </summary>
    public bool Wants(object message)
    {
        if (message is not LaneStates states || states.Item < 0 || states.Item >= _run.Plan.Items || _run.StateFrom(_run.Plan[states.Item]) is not { } before)
        {
            return false;
        }

        // What makes the worker forget its own leaves it without any state.
        var forgets = _epoch is not { } own || states.Epoch.IsNewerThan(own) || (states.Epoch == own && states.Attempt > _attempt);
        var isOwn = states.Epoch == _epoch && states.Attempt == _attempt && states.Item >= _item;
        return (forgets || isOwn)
            && states.States.Any(state => state.State is not null && (forgets || Book(_run.Plan[states.Item]).Wants(state.Lane, before)));
    }

    /// <summary>Who folds what is computed here; null: nobody does, and it goes to the shards.</summary>
    private NodeId? Folder => _nodeFolds ? _node : null;

    /// <summary>Handles one message; what is not a worker's is ignored.</summary>
    public void Handle(object message)
    {
        switch (message)
        {
            case Computed computed:
                Take(computed);
                break;
            case AssignLanes assign when Admit(assign.Epoch, assign.Attempt):
                Follow(assign);
                break;
            case CopyLanes copy when Admit(copy.Epoch, copy.Attempt):
                Follow(copy);
                break;
            case ItemCommitted committed when Admit(committed.Epoch, committed.Attempt):
                MoveTo(committed.Item + 1);
                Start(again: false);
                break;
            case LaneStates states when Admit(states.Epoch, states.Attempt):
                Learn(states);
                Start(again: false);
                break;
            case VersionWhole whole when whole.Epoch == _epoch:
                _nodeFolds = whole.Folds;
                if (whole.Version > 0)
                {
                    // Every shard has applied the step that made it, so that it is committed.
                    MoveTo(_run.Plan.ItemOfStep(whole.Version - 1) + 1);
                }

                Start(again: false);
                break;
            case Stale stale:
                Admit(stale.Current);
                break;
        }
    }

    /// <summary>Says again what was not acknowledged, and asks again for what is missing (P6).</summary>
    public void Tick()
    {
        if (_epoch is not { } epoch)
        {
            return;
        }

        if (_nodeFolds)
        {
            SayLanes(epoch);
        }

        SayNotFinite(epoch);

        // What has just been said is on its way: steps shorter than a tick cost no repeats.
        var isQuiet = _quietTicks++ > 0;
        if (isQuiet)
        {
            _finished.SayAll(_outbox, epoch, _id, _generation, Folder);
        }

        Start(isQuiet);
    }

    /// <summary>Releases every tensor. An order that is still out is released by whoever carries it out.</summary>
    public void Dispose() => Forget();

    /// <summary>Whether the message belongs to this epoch; a newer one makes the worker forget its own (P1).</summary>
    private bool Admit(Epoch epoch)
    {
        if (_epoch is { } own)
        {
            if (epoch == own)
            {
                return true;
            }

            if (!epoch.IsNewerThan(own))
            {
                if (own.IsNewerThan(epoch))
                {
                    _outbox.Send(Party.Sender, new Stale(own));
                }

                return false;
            }
        }

        Forget();
        _epoch = epoch;
        return true;
    }

    /// <summary>
    /// Whether the message belongs to this epoch and attempt. A later attempt makes the worker forget what it
    /// has computed (P11): the states too, for one of them may be what went wrong.
    /// </summary>
    private bool Admit(Epoch epoch, int attempt)
    {
        if (!Admit(epoch) || attempt < _attempt)
        {
            return false;
        }

        if (attempt > _attempt)
        {
            // It may be this node that computes wrongly, which shows if others come to finite numbers (P11).
            _notFinite = _finished.AreFinite() ? _notFinite : _item;
            _attempt = attempt;
            ForgetResults();
            SayNotFinite(epoch);
        }

        return true;
    }

    private void Forget()
    {
        ForgetResults();
        _notFinite = -1;
        (_epoch, _generation, _lanes, _item, _attempt, _nodeAsked, _nodeFolds) = (null, -1, [], 0, 0, false, false);
    }

    private void ForgetResults()
    {
        _finished.Release();
        _trainingStates.Clear();
        _validationStates.Clear();
        (_copied, _statesAskedFor) = ([], -1);
    }

    private void Follow(AssignLanes assign)
    {
        if (assign.Generation < _generation)
        {
            return;
        }

        var isNews = !_lanes.SequenceEqual(assign.Lanes);
        (_generation, _lanes) = (assign.Generation, assign.Lanes);
        MoveTo(assign.FirstItem);
        if (isNews)
        {
            SayLanes(assign.Epoch);
        }

        Start(again: false);
    }

    private void SayNotFinite(Epoch epoch)
    {
        if (_notFinite == _item)
        {
            _outbox.Send(Party.Barrier, new ResultsNotFinite(epoch, _item, _node));
        }
    }

    private void SayLanes(Epoch epoch) => _outbox.Send(Party.Node(_node), new LanesOwned(epoch, _item, _id, _lanes));

    private void Follow(CopyLanes copy)
    {
        MoveTo(copy.Item);
        if (copy.Item == _item)
        {
            _copied = [.. _copied.Union(copy.Lanes)];
            Start(again: false);
        }
    }

    private void MoveTo(long item)
    {
        if (item > _item)
        {
            _finished.Release();
            (_item, _copied, _quietTicks) = (item, [], 0);
        }
    }

    private void Learn(LaneStates states)
    {
        MoveTo(states.Item);
        if (states.Item != _item || _item >= _run.Plan.Items)
        {
            return;
        }

        var item = _run.Plan[_item];
        if (_run.StateFrom(item) is not { } before)
        {
            return;
        }

        foreach (var (lane, ticket) in states.States)
        {
            var state = default(TensorLease);
            if (ticket is null || _store.TryOpen(ticket.Value, out state))
            {
                Book(item).Put(lane, before, state);
            }
        }
    }

    private LaneStateBook Book(PlanItem item) => item.IsTraining ? _trainingStates : _validationStates;

    private void Start(bool again)
    {
        if (_epoch is not { } epoch || _computing is not null || _item >= _run.Plan.Items)
        {
            return;
        }

        var item = _run.Plan[_item];
        var present = _run.Rows(item);
        var due = _copied.IsEmpty ? _lanes : [.. _lanes.Union(_copied).Order()];
        ImmutableArray<int> lanes = [.. due.Where(lane => !_finished.Holds(lane) && !_run.Lanes.IsEmpty(lane, present))];
        if (lanes.IsEmpty || !HasStates(item, lanes, again, epoch))
        {
            return;
        }

        if (!_replica.TryLease(epoch, item.Version, out var weights))
        {
            if (again || !_nodeAsked)
            {
                _nodeAsked = true;
                _outbox.Send(Party.Node(_node), new AskVersion(epoch, item.Version, _id));
            }

            return;
        }

        var zeros = _run.StartsFromZeros(item);
        var order = new ComputeOrder(
            epoch,
            item,
            lanes,
            [.. lanes.Select(lane => zeros ? default : Book(item).Share(lane))],
            item.IsTraining ? GradientBlocks.Of(_run.Lanes, present, lanes) : [],
            weights,
            _attempt);
        _computing = order;
        _outbox.Perform(order);
    }

    private bool HasStates(PlanItem item, ImmutableArray<int> lanes, bool again, Epoch epoch)
    {
        if (_run.StateFrom(item) is not { } before)
        {
            return true;
        }

        ImmutableArray<int> missing = [.. lanes.Where(lane => !Book(item).Has(lane, before))];
        if (missing.IsEmpty)
        {
            return true;
        }

        if (again || _statesAskedFor != _item)
        {
            _statesAskedFor = _item;
            foreach (var page in missing.Chunk(LanesPerMessage))
            {
                _outbox.Send(Party.Barrier, new AskLaneStates(epoch, _item, _id, [.. page]));
            }
        }

        return false;
    }

    private void Take(Computed computed)
    {
        var order = computed.Order;
        if (ReferenceEquals(_computing, order))
        {
            _computing = null;
        }

        if (order.Epoch != _epoch || order.Attempt != _attempt || order.Item.Number > _item)
        {
            computed.Release();
            Start(again: false);
            return;
        }

        // Right whoever was counted for the item: what a lane carries is a function of the item (P2).
        for (var i = 0; i < order.Lanes.Length; i++)
        {
            if (_run.CarriesState)
            {
                Book(order.Item).Put(order.Lanes[i], order.Item.Number, computed.States[i].Share());
            }
        }

        if (order.Item.Number < _item)
        {
            computed.Release();
            Start(again: false);
            return;
        }

        order.Release();
        _quietTicks = 0;
        _finished.Add(computed);
        _finished.Say(_outbox, computed, _id, _generation, Folder);
        Start(again: false);
    }
}
