using System.Collections.Immutable;
using System.Numerics;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Holds a range of the weights with its optimizer state, and completes its part of every step's tree.
/// Loading → Collecting(t) → Whole(t) → Applied(t+1), beside it at most one save.
/// </summary>
/// <remarks>
/// P5: a worker offers for a step only from a whole version, which every shard must have published before;
/// so an offer for a later step than this one's cannot be, and is dropped like one for an earlier step.
/// P11: the first offer of a later attempt makes the shard drop the tree of the one before.
/// P8: a shard lives for one incarnation; hearing of a newer one it asks to be stopped (P1).
/// </remarks>
public sealed class ParameterShard : IDisposable
{
    /// <summary>Between two words about what is missing; a second of the cluster's.</summary>
    private const int TicksBetweenWords = 10;

    private readonly TrainingRun _run;
    private readonly Epoch _epoch;
    private readonly int _index;
    private readonly TensorStore _store;
    private readonly IOutbox _outbox;
    private readonly ParameterRange _range;
    private readonly OptimizerState _optimizer;
    private readonly LaneCover _cover;
    private readonly PartSaver _saver;
    private readonly IncarnationFence _fence;
    private readonly double[] _blockSums;
    private readonly SortedSet<string> _nodes = new(StringComparer.Ordinal);
    private byte[] _part = [];
    private TensorLease _weights;
    private Ticket _published;
    private ShardWhole? _whole;
    private long _version;
    private long _item = -1;
    private long _appliedItem = -1;
    private int _attempt;
    private int _ticks;

    public ParameterShard(TrainingRun run, ShardLayout shards, Epoch epoch, int index, TensorStore store, IOutbox outbox)
    {
        (_run, _epoch, _index, _store, _outbox) = (run, epoch, index, store, outbox);
        _range = shards.Range(index);
        _optimizer = new OptimizerState(run.Optimizer, _range.Count);
        _blockSums = new double[NormBlocks.Count(_range.Count)];
        _cover = new LaneCover(store);
        _saver = new PartSaver(epoch, PartNames.Shard(index), outbox);
        _fence = new IncarnationFence(epoch, outbox);
    }

    /// <summary>Training steps applied.</summary>
    public long Version => _version;

    /// <summary>False until <see cref="LoadInitial"/> or <see cref="Load"/>; a shard that loads answers nothing.</summary>
    public bool IsLoaded => _weights.IsHeld;

    /// <summary>[Count of the shard's range] the newest weights.</summary>
    public ReadOnlySpan<float> Weights => _weights.Values;

    /// <summary>Starts at version 0 from the recipe's initial weights.</summary>
    public void LoadInitial()
    {
        var all = _store.Rent(_run.Layout.ParameterCount);
        _run.FillInitialWeights(all.Values);
        _weights = _store.Rent(_range.Count);
        all.Values.Slice(_range.First, _range.Count).CopyTo(_weights.Values);
        all.Release();
        Loaded(item: -1);
    }

    /// <summary>Starts after the item of a checkpoint.</summary>
    /// <param name="part">What this shard saved then, whatever its incarnation.</param>
    /// <exception cref="InvalidDataException">The part belongs to another run or range.</exception>
    public void Load(ReadOnlySpan<byte> part)
    {
        var content = ShardPart.Read(part);
        if (content.Range != _range)
        {
            throw new InvalidDataException($"the part holds parameters {content.Range}; this shard holds {_range}");
        }

        var weights = _store.Rent(_range.Count);
        content.CopyWeights(part, weights.Values);
        _optimizer.Load(content.Optimizer(part));
        _weights = weights;
        Loaded(content.Item);
    }

    /// <summary>
    /// Whether the tensor that a message names would be used if it were here now; without effect. Whoever
    /// brings messages from other processes asks before the tensor is fetched.
    /// </summary>
    public bool Wants(object message) =>
        message is Offer offer && offer.Epoch == _epoch && !_fence.IsClosed && IsLoaded && IsOfTree(offer)
        && (offer.Attempt > _attempt || (offer.Attempt == _attempt && _whole is null && !_cover.Covers(offer.Block)));

    /// <summary>Handles one message; what is not a shard's is ignored.</summary>
    public void Handle(object message)
    {
        switch (message)
        {
            case Offer offer when Admit(offer.Epoch):
                Take(offer);
                break;
            case Commit commit when Admit(commit.Epoch):
                Take(commit);
                break;
            case AskWeights ask when Admit(ask.Epoch):
                _nodes.Add(ask.Node.Value);
                _outbox.Send(Party.Node(ask.Node), new Published(_epoch, _index, _version, _published));
                break;
            case NodeLost lost:
                _nodes.Remove(lost.Node.Value);
                break;
            case PartStored stored:
                _saver.Handle(stored);
                break;
            case PartNotStored failed:
                _saver.Handle(failed);
                break;
            case CheckpointSettled settled when Admit(settled.Epoch):
                _saver.Handle(settled);
                break;
            case Stale stale:
                Admit(stale.Current);
                break;
        }
    }

    /// <summary>Says again what was not acknowledged (P6), once a whole tick has gone since it was said.</summary>
    public void Tick()
    {
        if (_fence.IsClosed)
        {
            return;
        }

        _ticks++;
        if (_whole is not null && _ticks > 1)
        {
            _outbox.Send(Party.Barrier, _whole);
        }
        else if (_whole is null && IsLoaded && _version < _run.Plan.Steps && _ticks % TicksBetweenWords == 0)
        {
            _outbox.Send(Party.Barrier, new ShardMisses(_epoch, _item, _index, _cover.Missing(), _attempt));
        }

        _saver.Say();
    }

    /// <summary>Releases every tensor.</summary>
    public void Dispose()
    {
        _fence.Close();
        _cover.Release();
        _weights.Release();
        _weights = default;
    }

    private bool Admit(Epoch epoch) => _fence.Admit(epoch) && IsLoaded;

    private void Loaded(long item)
    {
        _appliedItem = item;
        _version = _run.Plan.StepsAfter(item + 1);
        _published = _weights.Publish();
        BeginStep();
    }

    private void BeginStep()
    {
        (_whole, _ticks) = (null, 0);
        if (_version >= _run.Plan.Steps)
        {
            _item = long.MaxValue;
            _cover.Begin([]);
            return;
        }

        _item = _run.Plan.ItemOfStep(_version);
        var present = _run.Rows(_run.Plan[_item]);
        var empty = new bool[_run.Lanes.Lanes];
        for (var lane = 0; lane < empty.Length; lane++)
        {
            empty[lane] = _run.Lanes.IsEmpty(lane, present);
        }

        _cover.Begin(empty);
    }

    private void Take(Offer offer)
    {
        if (!IsOfTree(offer))
        {
            return;
        }

        if (offer.Attempt > _attempt)
        {
            // P11: the barrier has had the step computed again, so it will not commit the tree that is here.
            _attempt = offer.Attempt;
            BeginStep();
        }

        if (offer.Attempt < _attempt || _whole is not null || !_store.TryOpen(offer.Gradient, out var gradient))
        {
            return;
        }

        _cover.Offer(offer.Block, gradient);
        if (!_cover.IsWhole)
        {
            return;
        }

        (_whole, _ticks) = (new ShardWhole(_epoch, _item, _index, Squares(_cover.Root), _attempt), 0);
        _outbox.Send(Party.Barrier, _whole);
    }

    /// <summary>The complete subtrees of squares that this range owns (B6).</summary>
    private ImmutableArray<NormSubtree> Squares(ReadOnlySpan<float> root)
    {
        NormBlocks.Squares(root, _blockSums);
        return [.. NormBlocks.Subtrees(_range.First / NormBlocks.BlockSize, _blockSums)];
    }

    private void Take(Commit commit)
    {
        if (commit.Item == _item && _whole is not null)
        {
            Apply(commit);
        }
        else if (commit.Item != _appliedItem)
        {
            return;
        }

        if (commit.Checkpoint && !_saver.IsSavingOrSaved(commit.Item))
        {
            _saver.Begin(commit.Item, WritePart);
        }

        _outbox.Send(Party.Barrier, new Applied(_epoch, commit.Item, _index));
    }

    private void Apply(Commit commit)
    {
        // Never into what somebody may be reading (P5).
        var next = _store.Rent(_range.Count);
        if (commit.Factor == 0)
        {
            // B5, N = 0: weights and optimizer state stay, the version moves.
            _weights.Values.CopyTo(next.Values);
        }
        else
        {
            _optimizer.Apply(
                _weights.Values, next.Values, _cover.Root, commit.Factor, commit.LearningRate, (float?)_run.Recipe.Training.ClipValue);
        }

        _weights.Release();
        (_weights, _published) = (next, next.Publish());
        _appliedItem = _item;
        _version++;
        BeginStep();
        foreach (var node in _nodes)
        {
            _outbox.Send(Party.Node(new NodeId(node)), new Published(_epoch, _index, _version, _published));
        }
    }

    private ReadOnlyMemory<byte> WritePart()
    {
        var header = new ShardPart(_appliedItem, _range, checked((int)_optimizer.StoredBytes));
        if (_part.Length != header.Length)
        {
            _part = GC.AllocateUninitializedArray<byte>(header.Length);
        }

        _optimizer.Save(header.Write(_part, _weights.Values));
        return _part;
    }

    private bool IsOfTree(Offer offer) =>
        offer.Item == _item && offer.Shard == _index && IsNode(offer.Block) && offer.Gradient.Length == _range.Count;

    private bool IsNode(LaneBlock block) =>
        block.Count > 0 && BitOperations.IsPow2(block.Count) && block.First >= 0
        && block.First % block.Count == 0 && block.End <= _run.Lanes.Lanes;
}
