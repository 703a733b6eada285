using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Remoting;

/// <summary>One connection to another node, as Akka's remoting uses it.</summary>
internal sealed class NodeAssociation : AssociationHandle
{
    /// <summary>What was written last must reach the other side before the connection goes: it says why we leave.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly int _maximumFrame;
    private readonly FrameWriter _writer = new();
    private readonly CancellationTokenSource _cut = new();
    private int _closing;

    /// <param name="stream">Over the socket, encrypted where nodes have certificates.</param>
    public NodeAssociation(Address local, Address remote, Socket socket, Stream stream, int maximumFrame)
        : base(local, remote)
    {
        (_socket, _stream, _maximumFrame) = (socket, stream, maximumFrame);
        Closed = Task.WhenAll(ReadAsync(), WriteAsync()).ContinueWith(
            _ => Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends when nothing is read or written any more.</summary>
    public Task Closed { get; }

    public override bool Write(ByteString payload) => _writer.Offer(payload);

    [Obsolete("Akka's remoting calls it; it may do so several times.")]
    public override void Disassociate() => Close();

    /// <summary>Sends what waits, tells the other side that nothing follows, and goes when it has gone too.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            _writer.Complete();
            _cut.CancelAfter(CloseTimeout);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _writer.RunAsync(_stream, _cut.Token);

            // Only our half: closing the whole of it would cut off what the other side has yet to read.
            if (_stream is SslStream tls)
            {
                await tls.ShutdownAsync();
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is broken: nothing can be read either.
            await _cut.CancelAsync();
        }
    }

    /// <summary>Hands over what comes in, from the moment that somebody listens, and then that nothing comes any more.</summary>
    private async Task ReadAsync()
    {
        IHandleEventListener? listener = null;
        try
        {
            listener = await ReadHandlerSource.Task.WaitAsync(_cut.Token);
            using var frames = new FrameReader(_stream, _maximumFrame);
            while (await frames.ReadAsync(_cut.Token) is { } payload)
            {
                // Once we have said that we leave, the rest is read for the sake of the connection only.
                if (Volatile.Read(ref _closing) == 0)
                {
                    listener.Notify(new InboundPayload(payload));
                }
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            // Whatever it was, what counts is that the connection has ended; those above us decide what follows.
        }
        finally
        {
            Close();
            listener?.Notify(new Disassociated(DisassociateInfo.Unknown));
        }
    }

    private void Release()
    {
        _stream.Dispose();
        _socket.Dispose();
        _cut.Dispose();
    }
}
