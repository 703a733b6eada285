using System.Collections.Concurrent;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>Looks after all connections of a data plane with one timer: whoever is beyond its time is closed.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly ConcurrentDictionary<Patience, bool> _watched = [];
    private readonly Timer _timer;

    /// <param name="shortest">Of the limits that are watched: they are kept to an eighth of it.</param>
    public Watchdog(TimeSpan shortest)
    {
        var period = TimeSpan.FromMilliseconds(Math.Clamp(shortest.TotalMilliseconds / 8, 10, 500));
        _timer = new Timer(_ => Look(), state: null, period, period);
    }

    /// <summary>Watches something that is closed when its time is over, until it is disposed.</summary>
    public Patience Watch(IDisposable closed)
    {
        var patience = new Patience(closed, over => _watched.TryRemove(over, out _));
        _watched[patience] = true;
        return patience;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Environment.TickCount64;
        foreach (var (patience, _) in _watched)
        {
            patience.CloseIfOver(now);
        }
    }
}

/// <summary>How long a connection may still take for what it does now.</summary>
internal sealed class Patience(IDisposable closed, Action<Patience> unwatch) : IDisposable
{
    private readonly Lock _lock = new();
    private long _due = long.MaxValue;
    private TimeSpan _limit;
    private string _what = "";

    /// <summary>What took too long, as a sentence without its end; null if nothing did.</summary>
    public string? Exhausted { get; private set; }

    /// <summary>Something has happened: the next must within the limit.</summary>
    /// <param name="what">Is waited for, named in the error.</param>
    public void Allow(TimeSpan limit, string what)
    {
        lock (_lock)
        {
            (_due, _limit, _what) = (Environment.TickCount64 + (long)limit.TotalMilliseconds, limit, what);
        }
    }

    /// <summary>Nothing is waited for.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            _due = long.MaxValue;
        }
    }

    public void CloseIfOver(long now)
    {
        lock (_lock)
        {
            if (now < _due || Exhausted is not null)
            {
                return;
            }

            Exhausted = $"{_what} took longer than {_limit.TotalSeconds} s";
        }

        unwatch(this);
        closed.Dispose();
    }

    public void Dispose() => unwatch(this);
}
