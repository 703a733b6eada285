using ActorTrainer.Data;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>A stream whose reader is stopped when nobody waits for the result any more.</summary>
internal sealed class StoppableStream(Stream inner, CancellationToken stop) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        stop.ThrowIfCancellationRequested();
        return inner.Read(buffer);
    }
}
