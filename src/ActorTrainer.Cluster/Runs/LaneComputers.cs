using System.Collections.Concurrent;
using ActorTrainer.Numerics;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// The networks that a job's orders on one node are computed with: as many as ever compute at once,
/// which the compute threads bound, however many workers there are.
/// </summary>
internal sealed class LaneComputers(TrainingRun run, TensorStore tensors, VectorWidth width) : IDisposable
{
    private readonly ConcurrentBag<LaneComputer> _idle = [];
    private volatile bool _disposed;

    /// <summary>Computes on the calling thread.</summary>
    public Computed Compute(ComputeOrder order)
    {
        if (!_idle.TryTake(out var computer))
        {
            computer = new LaneComputer(run, tensors, width);
        }

        try
        {
            return computer.Compute(order);
        }
        finally
        {
            _idle.Add(computer);
            if (_disposed)
            {
                DisposeIdle();
            }
        }
    }

    /// <summary>What computes at this moment is freed when it is done.</summary>
    public void Dispose()
    {
        _disposed = true;
        DisposeIdle();
    }

    private void DisposeIdle()
    {
        while (_idle.TryTake(out var computer))
        {
            computer.Dispose();
        }
    }
}
