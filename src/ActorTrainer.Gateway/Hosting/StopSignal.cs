namespace ActorTrainer.Gateway.Hosting;

/// <summary>
/// Told when the gateway begins to stop, so that streams that would run on for hours (a watch) end
/// and say so, instead of being cut off after the grace period.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public CancellationToken Stopping => _stopping.Token;

    public void Raise() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
