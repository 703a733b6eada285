using ActorTrainer.Cluster.Jobs;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>
/// Events on their way to one watcher, in order and bounded. Of steps only the newest
/// <paramref name="maxSteps"/> wait, so that a slow reader sees a thinner curve; nothing else is left
/// out: when <paramref name="maxOthers"/> of the others wait, the watch ends with an error, and its
/// client takes it up again where it was.
/// </summary>
/// <remarks>One writer at a time and one reader.</remarks>
internal sealed class WatchBuffer(int maxSteps, int maxOthers)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<JobEvent> _waiting = [];
    private readonly Queue<LinkedListNode<JobEvent>> _steps = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;
    private Exception? _error;

    /// <returns>False if the event, which must not be lost, has no room.</returns>
    public bool TryAdd(JobEvent happened)
    {
        lock (_gate)
        {
            if (happened is JobEvent.StepCommitted)
            {
                if (_steps.Count == maxSteps)
                {
                    _waiting.Remove(_steps.Dequeue());
                }

                _steps.Enqueue(_waiting.AddLast(happened));
            }
            else
            {
                if (_waiting.Count - _steps.Count >= maxOthers)
                {
                    return false;
                }

                _waiting.AddLast(happened);
            }

            _arrived.TrySetResult();
            return true;
        }
    }

    /// <summary>Nothing follows; what waits is still read, then the error is thrown if there is one.</summary>
    public void End(Exception? error = null)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                (_ended, _error) = (true, error);
            }

            _arrived.TrySetResult();
        }
    }

    /// <returns>The next event; null at the end.</returns>
    public async ValueTask<JobEvent?> Next(CancellationToken cancellation)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_waiting.First is { } first)
                {
                    _waiting.RemoveFirst();
                    if (first.Value is JobEvent.StepCommitted)
                    {
                        _steps.Dequeue();
                    }

                    return first.Value;
                }

                if (_ended)
                {
                    return _error is null ? null : throw _error;
                }

                if (_arrived.Task.IsCompleted)
                {
                    _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                arrival = _arrived.Task;
            }

            await arrival.WaitAsync(cancellation);
        }
    }
}
