namespace ActorTrainer.Data.Tests;

/// <summary>A stream that hands out a few bytes at a time.</summary>
internal sealed class PiecewiseStream(byte[] content, int pieceLength) : MemoryStream(content)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, pieceLength)]);
}
