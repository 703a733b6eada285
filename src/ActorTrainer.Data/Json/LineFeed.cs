namespace ActorTrainer.Data.Json;

/// <summary>
/// The lines of a stream, one at a time, each as its bytes without what ended it ('\n' or "\r\n"). A byte
/// order mark at the start is dropped. Lines and stream have a bound.
/// </summary>
internal sealed class LineFeed(Stream content, DataLimits limits)
{
    private const int PieceLength = 64 * 1024;

    private byte[] _buffer = new byte[PieceLength];
    private int _start;
    private int _end;
    private long _read;
    private bool _ended;

    /// <summary>Number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line; valid until the one after it is asked for.</summary>
    /// <returns>False: there is none.</returns>
    /// <exception cref="InvalidDataSetException">The line, or the stream, is longer than its bound.</exception>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        for (var searched = 0; ;)
        {
            var held = _buffer.AsSpan(_start, _end - _start);
            var length = held[searched..].IndexOf((byte)'\n');
            if (length >= 0 || (_ended && held.Length > 0))
            {
                length = length >= 0 ? searched + length : held.Length;
                _start += Math.Min(length + 1, held.Length);
                line = Trimmed(held[..length]);
                Number++;
                return true;
            }

            if (_ended)
            {
                line = default;
                return false;
            }

            searched = held.Length;
            Fetch();
        }
    }

    private void Fetch()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end > DataLimits.LineLength)
        {
            throw new InvalidDataSetException($"Line {Number + 1}: the line has more than {DataLimits.LineLength} bytes, the most of a line.", Number + 1);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = content.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        (_end, _read) = (_end + read, _read + read);
        if (_read > limits.MaximumBytes)
        {
            throw new InvalidDataSetException(
                $"Line {Number + 1}: the file goes on after {limits.MaximumBytes} bytes, the most of a file.", Number + 1);
        }
    }

    private ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line)
    {
        line = Number == 0 && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
