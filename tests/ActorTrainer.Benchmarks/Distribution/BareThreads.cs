using System.Diagnostics;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// The bare compute speed P: so many dedicated threads, each with a network and equally many lanes of its
/// own, compute gradients again and again and never wait for each other.
/// </summary>
internal sealed class BareThreads : IDisposable
{
    private readonly Share[] _shares;

    /// <param name="threads">Divides the run's lanes.</param>
    public BareThreads(TrainingRun run, NetworkWeights weights, int threads)
    {
        var lanes = run.Lanes.Lanes / threads;
        _shares = [.. Enumerable.Range(0, threads).Select(thread => new Share(run, weights, new LaneBlock(thread * lanes, lanes)))];
    }

    /// <summary>Steps a second: each thread's own, times the share of the lanes that it computes.</summary>
    public double Speed(int steps)
    {
        var speeds = new double[_shares.Length];
        using var start = new Barrier(_shares.Length);
        var threads = _shares.Select((share, index) => DedicatedThread.Start(() =>
        {
            share.Compute();
            start.SignalAndWait();
            var begin = Stopwatch.GetTimestamp();
            for (var step = 0; step < steps; step++)
            {
                share.Compute();
            }

            speeds[index] = steps / Stopwatch.GetElapsedTime(begin).TotalSeconds / _shares.Length;
        })).ToList();
        threads.ForEach(thread => thread.Join());
        return speeds.Sum();
    }

    public void Dispose()
    {
        foreach (var share in _shares)
        {
            share.Dispose();
        }
    }

    private sealed class Share : IDisposable
    {
        private readonly NetworkWeights _weights;
        private readonly NetworkEngine _engine;
        private readonly SequenceBatch _batch;
        private readonly LaneRows[] _lanes;
        private readonly LossSums[] _sums;
        private readonly float[] _state;
        private readonly LaneBlock[] _blocks;
        private readonly Memory<float>[] _gradients;

        public Share(TrainingRun run, NetworkWeights weights, LaneBlock lanes)
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
}
