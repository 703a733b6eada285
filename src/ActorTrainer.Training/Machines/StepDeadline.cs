namespace ActorTrainer.Training.Machines;

/// <summary>
/// When an item is late (P7): after the larger of one second and three times the median of the last
/// items, and after a minute until five are measured. Time is counted in ticks.
/// </summary>
internal sealed class StepDeadline(int ticksPerSecond)
{
    private const int Measured = 9;
    private const int Needed = 5;

    private readonly Queue<int> _last = new();
    private int _ticks;

    /// <summary>A new item begins; the one before took the ticks counted since.</summary>
    public void Begin(bool measure)
    {
        if (measure)
        {
            _last.Enqueue(_ticks);
            if (_last.Count > Measured)
            {
                _last.Dequeue();
            }
        }

        _ticks = 0;
    }

    /// <summary>Counts a tick; true when the deadline passes with it, and again each time that long passes.</summary>
    public bool Tick()
    {
        _ticks++;
        return _ticks % Limit() == 0;
    }

    private int Limit()
    {
        if (_last.Count < Needed)
        {
            return 60 * ticksPerSecond;
        }

        var sorted = _last.Order().ToArray();
        return Math.Max(ticksPerSecond, 3 * sorted[sorted.Length / 2]);
    }
}
