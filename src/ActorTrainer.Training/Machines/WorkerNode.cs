using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Keeps one replica of a job's weights for all its workers of a node, and folds their gradients where there are
/// several (<see cref="NodeFold"/>). Assembling(v+1) → Whole(v+1).
/// </summary>
/// <remarks>
/// P5: a version is whole when every shard's part of that very version, of one epoch, is copied into one
/// buffer. A part of a later version starts the assembly anew: a shard that is ahead proves that the item
/// which read the older version is committed, so that nobody needs it any more. While the buffer is
/// still read by a straggler, parts wait as leases, one a shard at most.
/// </remarks>
public sealed class WorkerNode : IDisposable
{
    /// <summary>Of more, what the first have said is not on its way any more.</summary>
    private const int MaximumLost = 1024;

    private readonly ShardLayout _shards;
    private readonly NodeId _id;
    private readonly WeightsReplica _replica;
    private readonly TensorStore _store;
    private readonly IOutbox _outbox;
    private readonly TensorLease[] _waiting;
    private readonly bool[] _copied;
    private readonly NodeFold _fold;
    private readonly SortedSet<string> _workers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private NetworkWeights? _assembling;
    private Epoch? _epoch;
    private long _whole = -1;
    private long _target = -1;
    private long _wanted = -1;

    public WorkerNode(TrainingRun run, ShardLayout shards, NodeId id, WeightsReplica replica, TensorStore store, IOutbox outbox)
    {
        (_shards, _id, _replica, _store, _outbox) = (shards, id, replica, store, outbox);
        _waiting = new TensorLease[shards.Count];
        _copied = new bool[shards.Count];
        _fold = new NodeFold(run, shards, store, outbox);
    }

    /// <summary>The newest whole version of the current epoch; −1 while there is none.</summary>
    public long WholeVersion => _whole;

    /// <summary>
    /// Whether the tensor that a message names would be used if it were here now; without effect. Whoever
    /// brings messages from other processes asks before the tensor is fetched.
    /// </summary>
    public bool Wants(object message)
    {
        if (message is not Published part || !IsPart(part))
        {
            return false;
        }

        return part.Epoch == _epoch ? IsMissing(part) : _epoch is not { } own || part.Epoch.IsNewerThan(own);
    }

    /// <summary>Handles one message; what is not a node's is ignored.</summary>
    public void Handle(object message)
    {
        switch (message)
        {
            case Published part when Admit(part.Epoch):
                Take(part);
                break;
            case AskVersion ask when !_lost.Contains(ask.Worker.Value) && Admit(ask.Epoch):
                Answer(ask);
                break;
            case NodeOffer offer when Admit(offer.Epoch):
                _fold.Take(offer);
                break;
            case LanesOwned owned when !_lost.Contains(owned.Worker.Value) && Admit(owned.Epoch):
                _workers.Add(owned.Worker.Value);
                _fold.Take(owned);
                break;
            case JobProtocol.WorkerLost lost:
                Lose(lost.Worker);
                break;
            case Stale stale:
                Admit(stale.Current);
                break;
        }
    }

    /// <summary>Asks again for the parts that are missing, while somebody wants them (P6).</summary>
    public void Tick()
    {
        Assemble();
        if (_epoch is { } epoch)
        {
            _fold.Tick(epoch);
        }

        if (_epoch is not null && _wanted > _whole)
        {
            AskForMissing();
        }
    }

    /// <summary>Releases every tensor; the replica is its owner's.</summary>
    public void Dispose() => Forget();

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

    private void Forget()
    {
        DropParts();
        _fold.Forget();
        _workers.Clear();
        (_epoch, _whole, _target, _wanted, _assembling) = (null, -1, -1, -1, null);
    }

    /// <summary>
    /// What it said last may come after the news that it is gone, and would have the fold wait for its lanes for
    /// ever: no other will ever have its name.
    /// </summary>
    private void Lose(WorkerId worker)
    {
        if (_lost.Count == MaximumLost)
        {
            _lost.Clear();
        }

        _lost.Add(worker.Value);
        _workers.Remove(worker.Value);
        _fold.Lose(worker);
    }

    private void DropParts()
    {
        for (var shard = 0; shard < _waiting.Length; shard++)
        {
            _waiting[shard].Release();
            (_waiting[shard], _copied[shard]) = (default, false);
        }
    }

    private void Answer(AskVersion ask)
    {
        _workers.Add(ask.Worker.Value);
        var isNews = ask.Version > _wanted;
        _wanted = Math.Max(_wanted, ask.Version);
        if (_whole >= ask.Version)
        {
            _outbox.Send(Party.Worker(ask.Worker), new VersionWhole(_epoch!.Value, _whole, Folds));
        }
        else if (isNews && _target < ask.Version)
        {
            AskForMissing();
        }
    }

    private void AskForMissing()
    {
        var haveAll = _target <= _whole;
        for (var shard = 0; shard < _copied.Length; shard++)
        {
            if (haveAll || (!_copied[shard] && !_waiting[shard].IsHeld))
            {
                _outbox.Send(Party.Shard(shard), new AskWeights(_epoch!.Value, shard, _id));
            }
        }
    }

    /// <summary>Whether several workers compute here.</summary>
    private bool Folds => _workers.Count > 1;

    private bool IsPart(Published part) =>
        part.Shard >= 0 && part.Shard < _copied.Length && part.Weights.Length == _shards.Range(part.Shard).Count;

    /// <summary>Whether the part is of a later version than is being assembled, or missing there.</summary>
    private bool IsMissing(Published part) =>
        part.Version > _whole
        && (part.Version > _target || (part.Version == _target && !_copied[part.Shard] && !_waiting[part.Shard].IsHeld));

    private void Take(Published part)
    {
        if (!IsPart(part) || !IsMissing(part))
        {
            return;
        }

        _fold.Passed(part.Version);

        if (part.Version > _target)
        {
            DropParts();
            _target = part.Version;
        }

        if (_store.TryOpen(part.Weights, out var lease))
        {
            _waiting[part.Shard] = lease;
            Assemble();
        }
    }

    private void Assemble()
    {
        if (_epoch is not { } epoch || _target <= _whole)
        {
            return;
        }

        _assembling ??= _replica.TryBegin();
        if (_assembling is null)
        {
            return;
        }

        var isWhole = true;
        for (var shard = 0; shard < _waiting.Length; shard++)
        {
            if (_waiting[shard].IsHeld)
            {
                var range = _shards.Range(shard);
                _waiting[shard].Values.CopyTo(_assembling.Values.Slice(range.First, range.Count));
                _waiting[shard].Release();
                (_waiting[shard], _copied[shard]) = (default, true);
            }

            isWhole &= _copied[shard];
        }

        if (!isWhole)
        {
            return;
        }

        _replica.Finish(_assembling, epoch, _target);
        (_assembling, _whole) = (null, _target);
        foreach (var worker in _workers)
        {
            _outbox.Send(Party.Worker(new WorkerId(worker)), new VersionWhole(epoch, _whole, Folds));
        }
    }
}
