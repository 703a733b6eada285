namespace ActorTrainer.Cluster.Remoting;

/// <summary>What is said of callers that were not let in: a stranger who keeps calling must not fill the log.</summary>
internal sealed class Refusals(TimeProvider clock)
{
    /// <summary>Between two lines.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _counting = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private long _untold;

    /// <summary>The line for a refused caller; null: one was written a moment ago, and the next will count this one.</summary>
    public string? Tell(string caller, string reason)
    {
        lock (_counting)
        {
            var now = clock.GetUtcNow();
            if (now < _next)
            {
                _untold++;
                return null;
            }

            var others = _untold == 0 ? "" : $" ({_untold} more were refused before)";
            (_next, _untold) = (now + Interval, 0);
            return $"A connection from {caller} was refused: {reason}{others}";
        }
    }
}
