using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>Takes the connections of others, a bounded number, and serves each on its own.</summary>
internal sealed class TransferServer : IAsyncDisposable
{
    private readonly DataPlaneOptions _options;
    private readonly Func<Socket, ServedConnection> _connection;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ServedConnection, Task> _served = [];
    private readonly Task _accepting;
    private int _connections;
    private int _handshakes;

    /// <param name="connection">Serves a socket that was accepted.</param>
    public TransferServer(DataPlaneOptions options, Func<Socket, ServedConnection> connection)
    {
        (_options, _connection) = (options, connection);
        var address = options.Address();
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(address, options.Port));
            _listener.Listen(backlog: 256);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_served.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller was gone again, or there is no handle left for it: others may still come.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                continue;
            }

            if (Volatile.Read(ref _connections) >= _options.MaximumConnections || Volatile.Read(ref _handshakes) >= _options.MaximumHandshakes)
            {
                socket.Dispose();
                continue;
            }

            Interlocked.Increment(ref _connections);
            Interlocked.Increment(ref _handshakes);
            var connection = _connection(socket);
            _served[connection] = Task.CompletedTask;
            var serving = Task.Run(() => ServeAsync(connection));
            _served.TryUpdate(connection, serving, Task.CompletedTask);
        }
    }

    private async Task ServeAsync(ServedConnection connection)
    {
        try
        {
            await connection.RunAsync(() => Interlocked.Decrement(ref _handshakes), _stop.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            _served.TryRemove(connection, out _);
        }
    }
}
