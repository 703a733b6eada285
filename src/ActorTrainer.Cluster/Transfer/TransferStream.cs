using System.IO.Hashing;
using System.Net.Sockets;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// One side of a connection: small things go through buffers, so that a short answer is one send and one receive;
/// bulk goes straight from and into the memory it belongs to, a slice at a time, summed while it is in the cache.
/// One task reads and one writes.
/// </summary>
internal sealed class TransferStream(Stream stream) : IAsyncDisposable
{
    /// <summary>Bytes that are summed and then sent, or received and then summed.</summary>
    public const int SliceBytes = 512 << 10;

    private const int BufferBytes = 64 << 10;

    private readonly byte[] _incoming = new byte[BufferBytes];
    private readonly byte[] _outgoing = new byte[BufferBytes];
    private int _read;
    private int _filled;
    private int _unsent;

    /// <summary>Of what is received.</summary>
    public XxHash3 ReadSum { get; } = new();

    /// <summary>Of what is sent.</summary>
    public XxHash3 WriteSum { get; } = new();

    /// <summary>A connection's socket as we want it: nothing waits for company, and a host that vanished is noticed.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    /// <summary>Waits until something has come; false: the other side has ended the connection.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        if (_read == _filled)
        {
            (_read, _filled) = (0, await stream.ReadAsync(_incoming, cancellation));
        }

        return _filled > 0;
    }

    /// <summary>Some bytes, at least one.</summary>
    /// <exception cref="EndOfStreamException">There are no more.</exception>
    public async ValueTask<int> ReadSomeAsync(Memory<byte> into, CancellationToken cancellation)
    {
        if (_read == _filled)
        {
            if (into.Length >= BufferBytes)
            {
                var count = await stream.ReadAsync(into, cancellation);
                return count > 0 ? count : throw new EndOfStreamException("the connection ended");
            }

            if (!await WaitAsync(cancellation))
            {
                throw new EndOfStreamException("the connection ended");
            }
        }

        var taken = Math.Min(into.Length, _filled - _read);
        _incoming.AsMemory(_read, taken).CopyTo(into);
        _read += taken;
        return taken;
    }

    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public async ValueTask ReadExactlyAsync(Memory<byte> into, CancellationToken cancellation)
    {
        while (into.Length > 0)
        {
            into = into[await ReadSomeAsync(into, cancellation)..];
        }
    }

    /// <summary>Sums and sends, at once or with the next <see cref="FlushAsync"/>.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        WriteSum.Append(bytes.Span);
        return WriteUnsummedAsync(bytes, cancellation);
    }

    /// <summary>As <see cref="WriteAsync"/>, but no part of the sum.</summary>
    public async ValueTask WriteUnsummedAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (bytes.Length > BufferBytes - _unsent)
        {
            await FlushAsync(cancellation);
        }

        if (bytes.Length > BufferBytes)
        {
            await stream.WriteAsync(bytes, cancellation);
            return;
        }

        bytes.CopyTo(_outgoing.AsMemory(_unsent));
        _unsent += bytes.Length;
    }

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_unsent > 0)
        {
            var unsent = _unsent;
            _unsent = 0;
            await stream.WriteAsync(_outgoing.AsMemory(0, unsent), cancellation);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
