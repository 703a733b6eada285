using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What every lane carries after the last committed item of each stream (B10): training's survives the
/// validations between two steps.
/// </summary>
internal sealed class LaneStreams(TrainingRun run, TensorStore store)
{
    private readonly TensorLease[] _training = new TensorLease[run.Lanes.Lanes];
    private readonly TensorLease[] _validation = new TensorLease[run.Lanes.Lanes];

    /// <summary>The states of training, lane by lane; empty where nothing is carried.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Training => [.. _training.Select(state => (ReadOnlyMemory<float>)state.Memory)];

    public void Load(IReadOnlyList<ReadOnlyMemory<float>> training)
    {
        for (var lane = 0; lane < _training.Length; lane++)
        {
            if (training[lane].Length > 0)
            {
                _training[lane] = store.Rent(training[lane].Length);
                training[lane].Span.CopyTo(_training[lane].Values);
            }
        }
    }

    /// <summary>The item is committed: what its lanes carry replaces what they carried.</summary>
    public void Commit(PlanItem item, ItemResults results)
    {
        var stream = Stream(item);
        for (var lane = 0; lane < stream.Length; lane++)
        {
            stream[lane].Release();
            stream[lane] = results.TakeState(lane);
        }
    }

    /// <summary>The state with which a lane enters an item, whose predecessor was the last committed of its stream; null: zeros.</summary>
    public Ticket? Entering(PlanItem item, int lane)
    {
        var state = Stream(item)[lane];
        return state.IsHeld && !run.StartsFromZeros(item) ? state.Publish() : null;
    }

    public void Release()
    {
        foreach (ref var state in _training.AsSpan())
        {
            state.Release();
            state = default;
        }

        foreach (ref var state in _validation.AsSpan())
        {
            state.Release();
            state = default;
        }
    }

    private TensorLease[] Stream(PlanItem item) => item.IsTraining ? _training : _validation;
}
