namespace ActorTrainer.Cluster.Jobs;

/// <summary>How many sequences a second were trained on over the last seconds. Its clock is an argument.</summary>
internal sealed class SequenceRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(100);

    // At most Window / Grain entries, and one.
    private readonly Queue<(TimeSpan At, double Total)> _marks = new();
    private TimeSpan _last;
    private double _total;

    /// <param name="now">Since any fixed moment; never goes back.</param>
    /// <returns>Sequences a second; 0 before a second report.</returns>
    public double Add(double sequences, TimeSpan now)
    {
        _total += sequences;
        if (_marks.Count == 0 || now - _last >= Grain)
        {
            _marks.Enqueue((now, _total));
            _last = now;
        }

        while (_marks.Count > 2 && now - _marks.Peek().At > Window)
        {
            _marks.Dequeue();
        }

        var (at, before) = _marks.Peek();
        return now > at ? (_total - before) / (now - at).TotalSeconds : 0;
    }
}
