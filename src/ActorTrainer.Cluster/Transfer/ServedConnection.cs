using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// A connection that another node has opened to fetch from this one. Its requests are answered one after the other, in
/// their order; the next ones wait in the socket. Whatever is not our conversation ends it without a word.
/// </summary>
internal sealed class ServedConnection(
    Socket socket, DataPlaneOptions options, NodeId self, TensorStore tensors, BlobStore blobs, NodeTrust? trust, Watchdog watchdog)
{
    private readonly byte[] _header = new byte[TransferAnswer.Bytes];
    private readonly byte[] _sum = new byte[TransferAnswer.ChecksumBytes];
    private readonly FloatWindow _window = new();
    private byte[]? _piece;

    /// <summary>Serves until either side ends it; never throws.</summary>
    /// <param name="greeted">Called once, when the handshake is over, well or not.</param>
    public async Task RunAsync(Action greeted, CancellationToken cancellation)
    {
        using var patience = watchdog.Watch(socket);
        var greeting = greeted;
        try
        {
            TransferStream.Prepare(socket);
            patience.Allow(options.HandshakeTimeout, "the handshake");
            await using var stream = new TransferStream(await SecureAsync(cancellation));
            var known = await GreetAsync(stream, cancellation);
            greeting = null;
            greeted();
            if (known)
            {
                await AnswerAllAsync(stream, patience, cancellation);
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The peer's loss is the peer's to notice: here nothing is owed to it.
        }
        finally
        {
            greeting?.Invoke();
            socket.Dispose();
        }
    }

    private async Task<Stream> SecureAsync(CancellationToken cancellation)
    {
        var plain = new NetworkStream(socket, ownsSocket: true);
        return trust is null ? plain : await TlsHandshake.AcceptAsync(trust, plain, cancellation);
    }

    /// <summary>False: not one of ours, or it meant somebody else.</summary>
    private async Task<bool> GreetAsync(TransferStream stream, CancellationToken cancellation)
    {
        var bytes = new byte[TransferHello.Bytes];
        await stream.ReadExactlyAsync(bytes.AsMemory(0, TransferHello.MagicBytes), cancellation);
        if (!TransferHello.IsMagic(bytes.AsSpan(0, TransferHello.MagicBytes)))
        {
            return false;
        }

        await stream.ReadExactlyAsync(bytes.AsMemory(TransferHello.MagicBytes), cancellation);
        if (!TransferHello.TryRead(bytes, out var hello))
        {
            return false;
        }

        var own = new TransferHello(TransferHello.CurrentVersion, self, hello.From);
        await stream.WriteUnsummedAsync(own.ToBytes(), cancellation);
        await stream.FlushAsync(cancellation);
        return hello.Version == TransferHello.CurrentVersion && hello.To == self;
    }

    private async Task AnswerAllAsync(TransferStream stream, Patience patience, CancellationToken cancellation)
    {
        var bytes = new byte[TransferRequest.Bytes];
        while (true)
        {
            patience.Allow(options.IdleTimeout, "the silence");
            if (!await stream.WaitAsync(cancellation))
            {
                return;
            }

            patience.Allow(options.StallTimeout, "the rest of a request");
            await stream.ReadExactlyAsync(bytes, cancellation);
            if (!TransferRequest.TryRead(bytes, out var sequence, out var request))
            {
                return;
            }

            stream.WriteSum.Reset();
            stream.WriteSum.Append(bytes);
            switch (request.Kind)
            {
                case TransferKind.Tensor:
                    await AnswerTensorAsync(stream, patience, sequence, request, cancellation);
                    break;
                case TransferKind.Blob:
                    await AnswerBlobAsync(stream, sequence, request, patience, cancellation);
                    break;
                default:
                    await HeadAsync(stream, patience, new TransferAnswer(TransferStatus.Here, sequence, 0, 0), cancellation);
                    break;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(_sum, stream.WriteSum.GetCurrentHashAsUInt64());
            patience.Allow(options.StallTimeout, "sending");
            await stream.WriteUnsummedAsync(_sum, cancellation);
            await stream.FlushAsync(cancellation);
        }
    }

    private async Task AnswerTensorAsync(TransferStream stream, Patience patience, int sequence, TransferRequest request, CancellationToken cancellation)
    {
        if (!tensors.TryOpen(new Ticket(self, request.TensorId, (int)request.Offset, request.Length), out var lease))
        {
            await HeadAsync(stream, patience, new TransferAnswer(TransferStatus.Gone, sequence, 0, 0), cancellation);
            return;
        }

        try
        {
            var bytes = (long)lease.Length * sizeof(float);
            await HeadAsync(stream, patience, new TransferAnswer(TransferStatus.Here, sequence, bytes, bytes), cancellation);
            for (var sent = 0L; sent < bytes; sent += TransferStream.SliceBytes)
            {
                patience.Allow(options.StallTimeout, "sending");
                var slice = _window.Over(lease.Memory, sent, (int)Math.Min(TransferStream.SliceBytes, bytes - sent));
                await stream.WriteAsync(slice, cancellation);
            }
        }
        finally
        {
            lease.Release();
        }
    }

    private async Task AnswerBlobAsync(TransferStream stream, int sequence, TransferRequest request, Patience patience, CancellationToken cancellation)
    {
        var (status, whole, read) = await ReadPieceAsync(request, cancellation);
        await HeadAsync(stream, patience, new TransferAnswer(status, sequence, read, whole), cancellation);
        for (var sent = 0; sent < read; sent += TransferStream.SliceBytes)
        {
            patience.Allow(options.StallTimeout, "sending");
            await stream.WriteAsync(_piece.AsMemory(sent, Math.Min(TransferStream.SliceBytes, read - sent)), cancellation);
        }
    }

    private async Task<(TransferStatus Status, long Whole, int Read)> ReadPieceAsync(TransferRequest request, CancellationToken cancellation)
    {
        try
        {
            if (!blobs.Exists(request.Sha256!))
            {
                return (TransferStatus.Gone, 0, 0);
            }

            await using var file = blobs.Open(request.Sha256!);
            var wanted = (int)Math.Clamp(file.Length - request.Offset, 0, request.Length);
            _piece ??= new byte[TransferRequest.MaximumBlobPiece];
            var read = 0;
            while (read < wanted)
            {
                var more = await RandomAccess.ReadAsync(file.SafeFileHandle, _piece.AsMemory(read, wanted - read), request.Offset + read, cancellation);
                if (more == 0)
                {
                    return (TransferStatus.Failed, 0, 0);
                }

                read += more;
            }

            return (TransferStatus.Here, file.Length, read);
        }
        catch (FileNotFoundException)
        {
            return (TransferStatus.Gone, 0, 0);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (TransferStatus.Failed, 0, 0);
        }
    }

    private ValueTask HeadAsync(TransferStream stream, Patience patience, TransferAnswer answer, CancellationToken cancellation)
    {
        patience.Allow(options.StallTimeout, "sending");
        answer.Write(_header);
        return stream.WriteAsync(_header, cancellation);
    }
}
