using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Predictions;

/// <summary>The chunks of an answer as one stream of bytes, as they come.</summary>
internal sealed class ResponseStream(IAsyncStreamReader<PredictResponse> responses, CancellationToken cancellation) : Stream
{
    private ReadOnlyMemory<byte> _chunk;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (_chunk.IsEmpty)
        {
            if (!responses.MoveNext(cancellation).GetAwaiter().GetResult())
            {
                return 0;
            }

            _chunk = responses.Current.Chunk.Memory;
        }

        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
