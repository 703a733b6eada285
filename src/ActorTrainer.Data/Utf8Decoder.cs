using System.Buffers;
using System.Text;

namespace ActorTrainer.Data;

/// <summary>
/// Decodes UTF-8 strictly, a piece at a time, wherever the pieces cut characters. A byte order mark at
/// the start is dropped; every other character, line breaks included, is handed on as it is.
/// </summary>
internal abstract class Utf8Decoder
{
    private const int LongestSequence = 4;
    private const int BufferSize = 64 * 1024;
    private const int ByteOrderMark = 0xFEFF;

    private readonly byte[] _cut = new byte[LongestSequence];
    private int _cutLength;

    /// <summary>Bytes before the character that is being handed on.</summary>
    protected long Offset { get; private set; }

    /// <summary>Decodes a stream to its end and leaves it open.</summary>
    /// <exception cref="InvalidTextException">The bytes are not UTF-8.</exception>
    protected void Decode(Stream utf8)
    {
        var buffer = new byte[BufferSize];
        for (int read; (read = utf8.Read(buffer)) > 0;)
        {
            Add(buffer.AsSpan(0, read));
        }

        Complete();
    }

    /// <inheritdoc cref="Decode(Stream)"/>
    protected void Decode(ReadOnlySpan<byte> utf8)
    {
        Add(utf8);
        Complete();
    }

    /// <summary>Takes the next code point.</summary>
    protected abstract void Add(int codePoint);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        while (_cutLength > 0 && bytes.Length > 0)
        {
            // A sequence was cut by the end of the last piece: complete it byte by byte.
            _cut[_cutLength++] = bytes[0];
            bytes = bytes[1..];
            var status = Rune.DecodeFromUtf8(_cut.AsSpan(0, _cutLength), out var rune, out _);
            if (status == OperationStatus.Done)
            {
                HandOn(rune.Value, _cutLength);
                _cutLength = 0;
            }
            else if (status == OperationStatus.InvalidData)
            {
                throw Malformed(_cut.AsSpan(0, _cutLength));
            }
        }

        while (bytes.Length > 0)
        {
            if (bytes[0] < 0x80)
            {
                HandOn(bytes[0], 1);
                bytes = bytes[1..];
                continue;
            }

            switch (Rune.DecodeFromUtf8(bytes, out var rune, out var length))
            {
                case OperationStatus.Done:
                    HandOn(rune.Value, length);
                    bytes = bytes[length..];
                    break;
                case OperationStatus.NeedMoreData:
                    bytes.CopyTo(_cut);
                    _cutLength = bytes.Length;
                    return;
                default:
                    throw Malformed(bytes);
            }
        }
    }

    private void HandOn(int codePoint, int bytes)
    {
        if (codePoint != ByteOrderMark || Offset > 0)
        {
            Add(codePoint);
        }

        Offset += bytes;
    }

    private void Complete()
    {
        if (_cutLength > 0)
        {
            throw Malformed(_cut.AsSpan(0, _cutLength));
        }
    }

    private InvalidTextException Malformed(ReadOnlySpan<byte> bytes)
    {
        var shown = Convert.ToHexString(bytes[..Math.Min(bytes.Length, LongestSequence)]);
        return new InvalidTextException($"The text is not valid UTF-8: no character starts at byte offset {Offset} (bytes 0x{shown}).");
    }
}
