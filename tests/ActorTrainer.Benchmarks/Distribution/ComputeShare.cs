using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>Some lanes of a run's first step, whose gradient is computed again and again: the bare arithmetic of one thread.</summary>
internal sealed class ComputeShare : IDisposable
{
    private readonly NetworkWeights _weights;
    private readonly NetworkEngine _engine;
    private readonly SequenceBatch _batch;
    private readonly LaneRows[] _lanes;
    private readonly LossSums[] _sums;
    private readonly float[] _state;
    private readonly LaneBlock[] _blocks;
    private readonly Memory<float>[] _gradients;

    public ComputeShare(TrainingRun run, NetworkWeights weights, LaneBlock lanes)
    {
        var item = run.Plan[0];
        var first = run.Rows(item, lanes.First).First;
        _lanes = [.. Enumerable.Range(lanes.First, lanes.Count).Select(lane =>
        {
            var rows = run.Rows(item, lane);
            return new LaneRows(lane, rows.First - first, rows.Count);
        })];
        var count = _lanes[^1].EndRow;
        _weights = weights;
        _engine = NetworkEngine.Create(run.Network, run.MaximumTime, count, VectorWidths.Widest);
        _batch = new SequenceBatch(run.Network, run.MaximumTime, count);
        run.Fill(_batch, item, [.. Enumerable.Range(first, count)]);
        _sums = new LossSums[lanes.Count];
        _state = new float[count * run.Layout.StateSize];
        _blocks = [lanes];
        _gradients = [new float[run.Layout.ParameterCount]];
    }

    public void Compute() => _engine.Gradient(_weights, _batch, _state, _lanes, _sums, _blocks, _gradients);

    public void Dispose() => _engine.Dispose();
}
