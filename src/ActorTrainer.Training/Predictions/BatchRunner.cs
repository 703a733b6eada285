using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Predictions;

/// <summary>A network that answers batch by batch, every row from a state of zeros and independent of the rows beside it.</summary>
internal sealed class BatchRunner : IDisposable
{
    /// <summary>Rows of a batch: as many as make the products worth their packing.</summary>
    private const int MostRows = 64;

    /// <summary>Time steps of all rows of a batch together, unless one row has more.</summary>
    private const int MostSteps = 8_192;

    private readonly NetworkWeights _weights;
    private readonly NetworkEngine _engine;
    private readonly float[] _state;
    private readonly LossSums[] _sums = new LossSums[1];

    public BatchRunner(NetworkWeights weights, int maximumTime, int count)
    {
        MaximumRows = Math.Clamp(Math.Min(count, MostSteps / maximumTime), 1, MostRows);
        _weights = weights;
        _engine = NetworkEngine.Create(weights.Spec, maximumTime, MaximumRows, VectorWidths.Widest);
        Batch = new SequenceBatch(weights.Spec, maximumTime, MaximumRows);
        _state = new float[MaximumRows * weights.Layout.StateSize];
    }

    /// <summary>Rows of a full batch.</summary>
    public int MaximumRows { get; }

    /// <summary>To be filled before each run.</summary>
    public SequenceBatch Batch { get; }

    public void Run()
    {
        var state = _state.AsSpan(0, Batch.Rows * _weights.Layout.StateSize);
        state.Clear();
        _engine.Evaluate(_weights, Batch, state, [new LaneRows(0, 0, Batch.Rows)], _sums);
    }

    /// <summary>[outputs] of a row at a step of the targets.</summary>
    public ReadOnlySpan<float> Outputs(int step, int row)
    {
        var outputs = _weights.Spec.Outputs;
        return _engine.Outputs.Slice(((step * Batch.Rows) + row) * outputs, outputs);
    }

    /// <summary>[outputs] of a row where its last valid step is answered for.</summary>
    public ReadOnlySpan<float> LastOutputs(int row) => Outputs(Math.Min(Batch.Lengths[row], Batch.TargetTime) - 1, row);

    public void Dispose() => _engine.Dispose();
}
