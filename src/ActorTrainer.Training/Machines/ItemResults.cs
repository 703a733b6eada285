using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What a barrier holds of its current item: each lane's sums and, copied off the worker, its carried
/// state (P4); each shard's squares. The first report of a lane counts; a second has the same bits.
/// </summary>
internal sealed class ItemResults(TrainingRun run, ShardLayout shards, TensorStore store)
{
    private readonly LossSums[] _sums = new LossSums[run.Lanes.Lanes];
    private readonly TensorLease[] _states = new TensorLease[run.Lanes.Lanes];
    private readonly bool[] _reported = new bool[run.Lanes.Lanes];
    private readonly ImmutableArray<NormSubtree>[] _squares = new ImmutableArray<NormSubtree>[shards.Count];
    private PlanItem _item;
    private int _missingLanes;
    private int _missingShards;

    /// <summary>P4: every lane is held off the worker, and every shard's tree is whole.</summary>
    public bool IsComplete => _missingLanes == 0 && _missingShards == 0;

    public bool MissesShards => _missingShards > 0;

    /// <summary>Shards whose tree is not known to be whole, ascending; none for a validation batch.</summary>
    public IEnumerable<int> MissingShards =>
        _item.IsTraining ? Enumerable.Range(0, _squares.Length).Where(shard => _squares[shard].IsDefault) : [];

    public void Begin(PlanItem item)
    {
        Release();
        _item = item;
        var present = run.Rows(item);
        _missingLanes = 0;
        for (var lane = 0; lane < _reported.Length; lane++)
        {
            // A lane without rows is +0 and carries nothing (P3).
            _reported[lane] = run.Lanes.IsEmpty(lane, present);
            _sums[lane] = default;
            _missingLanes += _reported[lane] ? 0 : 1;
        }

        Array.Clear(_squares);
        _missingShards = item.IsTraining ? _squares.Length : 0;
    }

    public bool Misses(int lane) => !_reported[lane];

    /// <summary>Whether <see cref="Take(LaneResult)"/> would copy the lane's state, if it could be opened.</summary>
    public bool WantsState(LaneResult result) =>
        result.State is not null && result.Lane >= 0 && result.Lane < _reported.Length && Misses(result.Lane);

    /// <summary>Takes a lane's result. One whose state cannot be opened any more comes again (P6).</summary>
    public void Take(LaneResult result)
    {
        if (result.Lane < 0 || result.Lane >= _reported.Length || _reported[result.Lane])
        {
            return;
        }

        var length = run.CarriesState ? run.Rows(_item, result.Lane).Count * run.Layout.StateSize : 0;
        if (length > 0)
        {
            if (result.State is not { } ticket || ticket.Length != length || !store.TryOpen(ticket, out var theirs))
            {
                return;
            }

            var own = store.Rent(length);
            theirs.Values.CopyTo(own.Values);
            theirs.Release();
            _states[result.Lane] = own;
        }

        (_sums[result.Lane], _reported[result.Lane]) = (result.Sums, true);
        _missingLanes--;
    }

    public void Take(ShardWhole whole)
    {
        if (whole.Shard >= 0 && whole.Shard < _squares.Length && _squares[whole.Shard].IsDefault && _item.IsTraining)
        {
            _squares[whole.Shard] = whole.Squares;
            _missingShards--;
        }
    }

    /// <summary>The item's sums, along the lane tree (B4, B5).</summary>
    public LossSums Sums() => LaneTree.Fold(_sums);

    /// <summary>The complete subtrees of all shards (B6).</summary>
    public IEnumerable<NormSubtree> Squares() => _squares.SelectMany(squares => squares);

    /// <summary>Hands over the lane's carried state, once.</summary>
    public TensorLease TakeState(int lane)
    {
        var state = _states[lane];
        _states[lane] = default;
        return state;
    }

    public void Release()
    {
        foreach (ref var state in _states.AsSpan())
        {
            state.Release();
            state = default;
        }
    }
}
