namespace ActorTrainer.Data;

/// <summary>A stream whose first bytes were already read, for a look at them, and are given back.</summary>
internal sealed class PrefixedStream(byte[] prefix, Stream rest) : ForwardStream
{
    private int _given;

    public override int Read(Span<byte> buffer)
    {
        if (_given == prefix.Length)
        {
            return rest.Read(buffer);
        }

        var length = Math.Min(buffer.Length, prefix.Length - _given);
        prefix.AsSpan(_given, length).CopyTo(buffer);
        _given += length;
        return length;
    }
}
