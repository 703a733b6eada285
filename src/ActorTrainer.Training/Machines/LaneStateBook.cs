using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The carried states that a worker knows of one stream: for each lane the newest, and the item after
/// which it is carried.
/// </summary>
internal sealed class LaneStateBook
{
    private readonly Dictionary<int, (long After, TensorLease State)> _states = [];

    /// <summary>Takes over a lease, unless a later state of the lane is known.</summary>
    public void Put(int lane, long after, TensorLease state)
    {
        if (_states.TryGetValue(lane, out var known))
        {
            if (known.After >= after)
            {
                state.Release();
                return;
            }

            known.State.Release();
        }

        _states[lane] = (after, state);
    }

    public bool Has(int lane, long after) => _states.TryGetValue(lane, out var known) && known.After == after;

    /// <summary>Whether <see cref="Put"/> would keep a state of the lane after this item.</summary>
    public bool Wants(int lane, long after) => !_states.TryGetValue(lane, out var known) || known.After < after;

    /// <summary>A lease of the lane's state for whoever computes it; nothing held if the lane had no rows.</summary>
    public TensorLease Share(int lane)
    {
        var state = _states[lane].State;
        return state.IsHeld ? state.Share() : default;
    }

    public void Clear()
    {
        foreach (var (_, state) in _states.Values)
        {
            state.Release();
        }

        _states.Clear();
    }
}
