using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Remoting;

/// <summary>Writes frames in the order they were given, many with one write to the stream when they wait.</summary>
/// <remarks>What <see cref="FrameReader"/> reads.</remarks>
internal sealed class FrameWriter
{
    /// <summary>Of all frames that wait; who offers more is told to come again.</summary>
    public const int MaximumWaitingBytes = 8 << 20;

    private const int BatchBytes = 64 << 10;

    private readonly Channel<ByteString> _waiting = Channel.CreateUnbounded<ByteString>(new UnboundedChannelOptions { SingleReader = true });
    private int _waitingBytes;

    /// <summary>False: it is not taken, because too much waits or nothing is written any more.</summary>
    public bool Offer(ByteString payload)
    {
        var bytes = payload.Length + FrameReader.HeaderBytes;
        if (Interlocked.Add(ref _waitingBytes, bytes) <= MaximumWaitingBytes && _waiting.Writer.TryWrite(payload))
        {
            return true;
        }

        Interlocked.Add(ref _waitingBytes, -bytes);
        return false;
    }

    /// <summary>Takes nothing more; what waits is still written.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Writes until everything given before <see cref="Complete"/> is written.</summary>
    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        while (await _waiting.Reader.WaitToReadAsync(cancellation))
        {
            while (batch.WrittenCount < BatchBytes && _waiting.Reader.TryRead(out var payload))
            {
                BinaryPrimitives.WriteInt32LittleEndian(batch.GetSpan(FrameReader.HeaderBytes), payload.Length);
                batch.Advance(FrameReader.HeaderBytes);
                batch.Write(payload.Span);
            }

            await stream.WriteAsync(batch.WrittenMemory, cancellation);
            await stream.FlushAsync(cancellation);
            Interlocked.Add(ref _waitingBytes, -batch.WrittenCount);
            batch.ResetWrittenCount();
        }
    }
}
