using ActorTrainer.Contracts.V1;
using ActorTrainer.Data;
using Grpc.Core;

namespace ActorTrainer.Cli.Predictions;

/// <summary>The chunks of an answer as one stream of bytes, as they come.</summary>
internal sealed class ResponseStream(IAsyncStreamReader<PredictResponse> responses, CancellationToken cancellation) : ForwardStream
{
    private ReadOnlyMemory<byte> _chunk;

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
}
