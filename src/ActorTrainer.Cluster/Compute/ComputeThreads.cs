using System.Collections.Concurrent;

namespace ActorTrainer.Cluster.Compute;

/// <summary>
/// The threads that compute gradients: dedicated, niced, at most one for each core. On the pool or a
/// dispatcher such work made the transport 25 times slower and a live node look dead.
/// </summary>
/// <remarks>
/// Work waits in one bounded queue, first come first served. Its outcome travels as a message that the
/// work itself sends; a thread survives whatever the work throws.
/// </remarks>
internal sealed class ComputeThreads : IDisposable
{
    /// <summary>Every worker has at most one piece of work queued, so this bounds the workers of a node.</summary>
    public const int Capacity = 4096;

    private const int StackBytes = 2 << 20;

    private readonly BlockingCollection<IComputeWork> _queue = new(new ConcurrentQueue<IComputeWork>(), Capacity);
    private readonly Thread[] _threads;
    private readonly Action<IComputeWork> _compute;

    /// <exception cref="InvalidOperationException">A thread would compute other bits than other machines.</exception>
    /// <param name="compute">How a piece of work is carried out on one of the threads; null: it computes.</param>
    public ComputeThreads(int count, Action<IComputeWork>? compute = null)
    {
        _compute = compute ?? (work => work.Compute());
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Environment.ProcessorCount);
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            var ready = new TaskCompletionSource();
            _threads[i] = new Thread(() => Run(ready), StackBytes) { IsBackground = true, Name = $"compute-{i}" };
            _threads[i].Start();
            ready.Task.GetAwaiter().GetResult();
        }
    }

    /// <summary>Pieces of work that no thread has begun.</summary>
    public int Waiting => _queue.Count;

    /// <summary>False when <see cref="Capacity"/> pieces wait already, or the threads were stopped: try again later.</summary>
    public bool TryEnqueue(IComputeWork work)
    {
        try
        {
            return _queue.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Lets every thread finish the piece of work it is at; what waits is not begun.</summary>
    public void Dispose()
    {
        if (_queue.IsAddingCompleted)
        {
            return;
        }

        _queue.CompleteAdding();
        while (_queue.TryTake(out _))
        {
        }

        // The queue itself is left to the collector: threads that are still at work read it once more.
        foreach (var thread in _threads.Where(thread => thread != Thread.CurrentThread))
        {
            thread.Join();
        }
    }

    private void Run(TaskCompletionSource ready)
    {
        try
        {
            Subnormals.RequireOnThisThread();
            ThreadNiceness.LowerOfThisThread();
            ready.SetResult();
        }
        catch (InvalidOperationException failure)
        {
            ready.SetException(failure);
            return;
        }

        foreach (var work in _queue.GetConsumingEnumerable())
        {
            try
            {
                _compute(work);
            }
#pragma warning disable CA1031 // A thread that died would take the other jobs' share of the machine with it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                work.Fail(failure);
            }
        }
    }
}
