namespace ActorTrainer.Cluster.Compute;

/// <summary>
/// Threads that carry out what is queued, first come first served, and sleep when nothing is. At most one of them at a
/// time looks out for more without sleeping, only for moments, and only as long as that is worth it.
/// </summary>
/// <remarks>
/// Akka's own dedicated threads give up their core again and again before they sleep. With several nodes on a machine,
/// or compute threads on every core, that took two fifths of all processor time from those who had something to do.
/// Yet a thread that is woken by the system comes tens of microseconds late, which small models would feel: where
/// the next piece came within moments the last times, it is waited for awake.
/// </remarks>
internal sealed class PatientThreads
{
    /// <summary>Looks at the queue before a thread sleeps: some 30 µs.</summary>
    private const int Looks = 60;

    /// <summary>Between two looks, in the processor's own pauses.</summary>
    private const int PausesBetweenLooks = 16;

    /// <summary>How many vain waits in a row end the waiting awake.</summary>
    private const int MostTrust = 4;

    /// <summary>One wait in so many is awake after that, to see whether it is worth it again.</summary>
    private const int Probation = 64;

    private readonly object _lock = new();
    private readonly Queue<Action> _queue = [];
    private int _queued;
    private int _asleep;
    private int _looking;
    private int _trust = MostTrust;
    private int _waits;
    private bool _stopped;

    /// <param name="name">Of the threads.</param>
    public PatientThreads(string name, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { IsBackground = true, Name = name }.Start();
        }
    }

    /// <summary>What is queued must not throw; after <see cref="Stop"/> it is not carried out.</summary>
    public void Execute(Action work)
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _queue.Enqueue(work);
            Volatile.Write(ref _queued, _queue.Count);
            if (_asleep > 0 && _queue.Count > Volatile.Read(ref _looking))
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>What is queued is still carried out; then the threads end.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        if (Volatile.Read(ref _queued) == 0)
        {
            LookOut();
        }

        lock (_lock)
        {
            while (_queue.Count == 0)
            {
                if (_stopped)
                {
                    return null;
                }

                _asleep++;
                Monitor.Wait(_lock);
                _asleep--;
            }

            var work = _queue.Dequeue();
            Volatile.Write(ref _queued, _queue.Count);
            return work;
        }
    }

    /// <summary>Waits awake, unless another does or it has been in vain. The counts are guesses: a lost one harms nothing.</summary>
    private void LookOut()
    {
        if ((_trust == 0 && ++_waits % Probation != 0) || Interlocked.CompareExchange(ref _looking, 1, 0) != 0)
        {
            return;
        }

        var found = false;
        for (var look = 0; look < Looks && !found; look++)
        {
            Thread.SpinWait(PausesBetweenLooks);
            found = Volatile.Read(ref _queued) > 0;
        }

        _trust = found ? MostTrust : Math.Max(0, _trust - 1);
        Volatile.Write(ref _looking, 0);
    }
}
