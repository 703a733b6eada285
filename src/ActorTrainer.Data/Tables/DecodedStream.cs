using System.Text.Unicode;

namespace ActorTrainer.Data.Tables;

/// <summary>
/// A file of text as UTF-8 without byte order mark, piece by piece: strictly decoded, its bytes bounded.
/// A byte that is no text is named with its row and its offset.
/// </summary>
internal sealed class DecodedStream(Stream file, TextEncoding encoding, long maximumBytes) : ForwardStream
{
    private const int PieceLength = 32 * 1024;

    private readonly byte[] _raw = new byte[PieceLength];
    private readonly byte[] _transcoded = encoding == TextEncoding.Gbk ? new byte[Gbk.MostUtf8Bytes(PieceLength)] : [];
    private readonly char[] _characters = encoding == TextEncoding.Gbk ? new char[PieceLength] : [];
    private readonly LineCounter _lines = new();
    private ReadOnlyMemory<byte> _ready;
    private long _offset; // of the first raw byte in the file
    private int _used; // raw bytes that were handed on
    private int _held; // raw bytes in the buffer
    private bool _ended;
    private bool _beyondAscii;

    public override int Read(Span<byte> buffer)
    {
        while (_ready.IsEmpty && !_ended)
        {
            Refill();
        }

        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    private void Refill()
    {
        _raw.AsSpan(_used, _held - _used).CopyTo(_raw);
        (_offset, _held, _used) = (_offset + _used, _held - _used, 0);

        // Whole pieces, however the stream cuts its own: the same file always gives the same message.
        _held += file.ReadAtLeast(_raw.AsSpan(_held), _raw.Length - _held, throwOnEndOfStream: false);
        _ended = _held < _raw.Length;
        if (_offset + _held > maximumBytes)
        {
            throw new InvalidDataSetException($"The file has more than {maximumBytes} bytes (decompressed); that is the most that is taken in.");
        }

        var piece = _raw.AsSpan(0, _held);
        if (_offset == 0)
        {
            _used = ByteOrderMarkLength(piece);
            piece = piece[_used..];
        }

        var whole = encoding == TextEncoding.Gbk ? Gbk.WholeCharacters(piece) : Utf8Pieces.WholeCharacters(piece);
        var text = _raw.AsMemory(_used, whole);
        _ready = encoding == TextEncoding.Gbk ? Transcoded(text.Span) : Utf8.IsValid(text.Span) ? text : throw Malformed(text.Span);
        if (_ended && whole < piece.Length)
        {
            throw Malformed(piece);
        }

        _lines.Count(text.Span);
        _beyondAscii |= text.Span.ContainsAnyInRange((byte)0x80, (byte)0xFF);
        _used += whole;
    }

    private int ByteOrderMarkLength(ReadOnlySpan<byte> start)
    {
        if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
        {
            throw new InvalidDataSetException("Row 1: the file begins with a byte order mark of UTF-16 or UTF-32; save it as UTF-8.", row: 1);
        }

        return start is not [0xEF, 0xBB, 0xBF, ..] ? 0
            : encoding == TextEncoding.Utf8 ? 3
            : throw new InvalidDataSetException("Row 1: the file begins with the byte order mark of UTF-8, not with GBK; say encoding: utf_8.", row: 1);
    }

    private ReadOnlyMemory<byte> Transcoded(ReadOnlySpan<byte> gbk) =>
        Gbk.TryTranscode(gbk, _characters, _transcoded, out var length) ? _transcoded.AsMemory(0, length) : throw Malformed(gbk);

    private InvalidDataSetException Malformed(ReadOnlySpan<byte> text)
    {
        var isGbk = encoding == TextEncoding.Gbk;
        var at = isGbk ? Gbk.FirstFault(text) : Utf8Pieces.FirstFault(text);
        var rest = _raw.AsSpan(_used + at, _held - _used - at);
        var row = _lines.Lines + LineCounter.Of(text[..at]) + 1;
        var mixed = _beyondAscii || text[..at].ContainsAnyInRange((byte)0x80, (byte)0xFF);
        var hint = (mixed, isGbk) switch
        {
            (true, _) => " Other characters before it are: the file mixes encodings, or is damaged here.",
            (false, false) when Gbk.FirstFault(rest[..Gbk.WholeCharacters(rest)]) < 0 => " It may be GBK; then say encoding: gbk.",
            (false, true) when Utf8.IsValid(rest[..Utf8Pieces.WholeCharacters(rest)]) => " It may be UTF-8; then say encoding: utf_8.",
            _ => "",
        };
        var bytes = Convert.ToHexString(rest[..Math.Min(rest.Length, 4)]);
        return new InvalidDataSetException(
            $"Row {row}: the byte at offset {_offset + _used + at} begins no character of {(isGbk ? "GBK" : "UTF-8")} (bytes 0x{bytes}).{hint}", row);
    }
}
