using Microsoft.AspNetCore.Builder;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>A gateway that listens.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly StopSignal _signal;
    private readonly GatewayEndpoint _endpoint;
    private readonly string _dataDirectory;
    private readonly TimeSpan _grace;
    private int _stopped;

    internal RunningGateway(WebApplication web, StopSignal signal, GatewayEndpoint endpoint, string dataDirectory, TimeSpan grace) =>
        (_web, _signal, _endpoint, _dataDirectory, _grace) = (web, signal, endpoint, dataDirectory, grace);

    /// <summary>What a client calls, for example http://127.0.0.1:41234.</summary>
    public Uri Endpoint => _endpoint.Endpoint;

    /// <summary>
    /// Takes no new call, ends watches with UNAVAILABLE, gives the others a moment, and takes the endpoint
    /// file away. Calling it again does nothing.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        _endpoint.Remove(_dataDirectory);
        _signal.Raise();
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        grace.CancelAfter(_grace);
        try
        {
            await _web.StopAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            // The grace period is over: disposal cuts what is left.
        }

        await _web.DisposeAsync();
        _signal.Dispose();
    }

    /// <inheritdoc cref="StopAsync"/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
