using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Carries out a worker's orders: the batch, the network and room for them. For one thread at a time,
/// which should be the worker's own.
/// </summary>
public sealed class LaneComputer : IDisposable
{
    private readonly TrainingRun _run;
    private readonly TensorStore _store;
    private readonly NetworkEngine _engine;
    private readonly SequenceBatch _batch;
    private readonly float[] _state;
    private readonly int[] _rows;
    private readonly LaneRows[] _lanes;

    /// <param name="width">Bits of the vectors to compute with; cannot touch a bit of a result.</param>
    public LaneComputer(TrainingRun run, TensorStore store, VectorWidth width)
    {
        (_run, _store) = (run, store);
        var rows = run.Lanes.BatchSize;
        _engine = NetworkEngine.Create(run.Network, run.MaximumTime, rows, width);
        _batch = new SequenceBatch(run.Network, run.MaximumTime, rows);
        _state = new float[rows * run.Layout.StateSize];
        _rows = new int[rows];
        _lanes = new LaneRows[run.Lanes.Lanes];
    }

    /// <summary>For the simulator, which plants a bug in the batch to see that it is found; else null.</summary>
    internal Action<SequenceBatch>? Filled { get; set; }

    /// <summary>Computes the order's lanes; the answer holds everything the order held.</summary>
    public Computed Compute(ComputeOrder order)
    {
        var rows = 0;
        for (var i = 0; i < order.Lanes.Length; i++)
        {
            var range = _run.Rows(order.Item, order.Lanes[i]);
            _lanes[i] = new LaneRows(order.Lanes[i], rows, range.Count);
            for (var row = 0; row < range.Count; row++)
            {
                _rows[rows++] = range.First + row;
            }
        }

        _run.Fill(_batch, order.Item, _rows.AsSpan(0, rows));
        Filled?.Invoke(_batch);
        var lanes = _lanes.AsSpan(0, order.Lanes.Length);
        var state = _state.AsSpan(0, rows * _run.Layout.StateSize);
        Enter(order, lanes, state);

        var sums = new LossSums[lanes.Length];
        var gradients = new TensorLease[order.Blocks.Length];
        if (order.Item.IsTraining)
        {
            var memory = new Memory<float>[gradients.Length];
            for (var i = 0; i < gradients.Length; i++)
            {
                gradients[i] = _store.Rent(_run.Layout.ParameterCount);
                memory[i] = gradients[i].Memory;
            }

            _engine.Gradient(order.Weights.Weights, _batch, state, lanes, sums, order.Blocks.AsSpan(), memory);
        }
        else
        {
            _engine.Evaluate(order.Weights.Weights, _batch, state, lanes, sums);
        }

        return new Computed(
            order,
            ImmutableCollectionsMarshal.AsImmutableArray(sums),
            Leave(lanes, state),
            ImmutableCollectionsMarshal.AsImmutableArray(gradients));
    }

    public void Dispose() => _engine.Dispose();

    private void Enter(ComputeOrder order, ReadOnlySpan<LaneRows> lanes, Span<float> state)
    {
        state.Clear();
        for (var i = 0; i < lanes.Length; i++)
        {
            if (order.States[i].IsHeld)
            {
                order.States[i].Values.CopyTo(StateOf(lanes[i], state));
            }
        }
    }

    private ImmutableArray<TensorLease> Leave(ReadOnlySpan<LaneRows> lanes, Span<float> state)
    {
        var states = new TensorLease[lanes.Length];
        for (var i = 0; _run.CarriesState && i < lanes.Length; i++)
        {
            var of = StateOf(lanes[i], state);
            states[i] = _store.Rent(of.Length);
            of.CopyTo(states[i].Values);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(states);
    }

    private Span<float> StateOf(LaneRows lane, Span<float> state) =>
        state.Slice(lane.FirstRow * _run.Layout.StateSize, lane.RowCount * _run.Layout.StateSize);
}
