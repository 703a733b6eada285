using System.Net;
using System.Net.Sockets;

namespace ActorTrainer.Cluster.Tests.Transfer;

/// <summary>
/// Stands between a puller and a data plane and meddles with what comes back: alters a byte, or breaks off. Counted in
/// bytes of all connections together, from the first.
/// </summary>
internal sealed class MeddlingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private readonly MemoryStream _recorded = new();
    private long _passed;
    private int _connections;

    /// <param name="target">Port of the data plane.</param>
    public MeddlingProxy(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that came back.</summary>
    public long Passed => Volatile.Read(ref _passed);

    /// <summary>Which byte of what comes back is altered.</summary>
    public long AlteredByte { get; init; } = -1;

    /// <summary>Which byte of what is asked is altered.</summary>
    public long AlteredQuestionByte { get; init; } = -1;

    /// <summary>After which bytes of what comes back the connection is broken, each once.</summary>
    public Queue<long> Breaks { get; } = [];

    /// <summary>After which bytes nothing comes back any more, though the connection stays.</summary>
    public long StallsAt { get; init; } = long.MaxValue;

    /// <summary>Keeps what comes back.</summary>
    public bool Records { get; init; }

    public byte[] Recorded => _recorded.ToArray();

    /// <summary>Ends all connections.</summary>
    public void Break()
    {
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Break();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync(_stop.Token);
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _target);
                Interlocked.Increment(ref _connections);
                lock (_sockets)
                {
                    _sockets.AddRange([near, far]);
                }

                _ = PumpAsync(near, far, Ask);
                _ = PumpAsync(far, near, Answer);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<byte[], int, long, ValueTask<bool>> meddle)
    {
        var buffer = new byte[1 << 16];
        var passed = 0L;
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0 && await meddle(buffer, count, passed))
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }

                passed += count;
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }

        from.Dispose();
        to.Dispose();
    }

    private ValueTask<bool> Ask(byte[] bytes, int count, long passed)
    {
        Alter(bytes, count, passed, AlteredQuestionByte);
        return ValueTask.FromResult(true);
    }

    /// <summary>False: breaks off.</summary>
    private async ValueTask<bool> Answer(byte[] bytes, int count, long passedHere)
    {
        var before = _passed;
        _passed += count;
        Alter(bytes, count, before, AlteredByte);
        if (Records)
        {
            _recorded.Write(bytes, 0, count);
        }

        if (Breaks.TryPeek(out var at) && at <= _passed)
        {
            Breaks.Dequeue();
            return false;
        }

        if (_passed > StallsAt)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }

        return true;
    }

    private static void Alter(byte[] bytes, int count, long before, long at)
    {
        if (at >= before && at < before + count)
        {
            bytes[at - before] ^= 0x10;
        }
    }
}
