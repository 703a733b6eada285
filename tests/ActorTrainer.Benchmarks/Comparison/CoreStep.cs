using System.Diagnostics;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>
/// Our training step on one thread, as a worker, a shard and the barrier compute it together: packing, forward, loss,
/// backward with the lanes folded, norm, clipping, Adam.
/// </summary>
internal sealed class CoreStep : IDisposable
{
    private readonly NetworkWeights _weights;
    private readonly NetworkEngine _engine;
    private readonly SequenceBatch _batch;
    private readonly OptimizerState _optimizer;
    private readonly LaneRows[] _lanes;
    private readonly LaneBlock[] _blocks;
    private readonly LossSums[] _sums;
    private readonly float[] _state;
    private readonly Memory<float>[] _gradients;
    private readonly double[] _squares;
    private readonly int[] _rows;
    private long _step;

    public CoreStep(CaseData data, int lanes)
    {
        var (network, rows) = (data.Case.Network, data.Case.Model.Rows);
        _batch = data.Batch;
        _weights = new NetworkWeights(network);
        data.Weights.CopyTo(_weights.Values);
        _engine = NetworkEngine.Create(network, data.Case.Model.Time, rows, VectorWidths.Widest);
        _optimizer = new OptimizerState(new OptimizerSpec.Adam(0.9, 0.999, 1e-8), data.Weights.Length);
        _lanes = new LaneRows[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            var (first, end) = (lane * rows / lanes, (lane + 1) * rows / lanes);
            _lanes[lane] = new LaneRows(lane, first, end - first);
        }

        _blocks = [new(0, lanes)];
        _sums = new LossSums[lanes];
        _state = new float[rows * _weights.Layout.StateSize];
        _gradients = [new float[data.Weights.Length]];
        _squares = new double[NormBlocks.Count(data.Weights.Length)];
        _rows = [.. Enumerable.Range(0, rows)];
    }

    /// <summary>Mean loss of the batch under the current weights, without dropout.</summary>
    public double Loss()
    {
        _weights.Changed();
        Array.Clear(_state);
        _engine.Evaluate(_weights, _batch, _state, _lanes, _sums);
        var total = LaneTree.Fold(_sums);
        return total.Loss / total.Weight;
    }

    /// <returns>Seconds that the step took.</returns>
    public double Seconds()
    {
        var start = Stopwatch.GetTimestamp();
        Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _weights.Dispose();
    }

    private void Run()
    {
        _batch.Identify(seed: 1, _step++, _rows);
        Array.Clear(_state);
        _weights.Changed();
        _engine.Gradient(_weights, _batch, _state, _lanes, _sums, _blocks, _gradients);

        // B5, B6.
        var gradient = _gradients[0].Span;
        NormBlocks.Squares(gradient, _squares);
        var total = LaneTree.Fold(_sums);
        var norm = Math.Sqrt(NormBlocks.Total(_squares)) / total.Weight;
        var scale = Math.Min(1, PeerModel.ClipNorm / (norm + 1e-6));
        _optimizer.Apply(_weights.Values, _weights.Values, gradient, (float)(scale / total.Weight), (float)PeerModel.LearningRate);
    }
}
