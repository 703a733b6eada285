using System.Diagnostics;
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
    private readonly ComputeShare[] _shares;

    /// <param name="threads">Divides the run's lanes.</param>
    public BareThreads(TrainingRun run, NetworkWeights weights, int threads)
    {
        var lanes = run.Lanes.Lanes / threads;
        _shares = [.. Enumerable.Range(0, threads).Select(thread => new ComputeShare(run, weights, new LaneBlock(thread * lanes, lanes)))];
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
}
