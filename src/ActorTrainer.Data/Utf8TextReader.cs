using System.Buffers;
using System.Text;

namespace ActorTrainer.Data;

/// <summary>
/// Reads UTF-8 strictly, a piece at a time, into symbols and the vocabulary they belong to. A byte
/// order mark at the start is dropped; every other character, line breaks included, is kept as it is.
/// </summary>
internal sealed class Utf8TextReader
{
    private const int CodePoints = 0x110000;
    private const int PageBits = 8;
    private const int PageLength = 1 << PageBits;
    private const int LongestSequence = 4;
    private const int BufferSize = 64 * 1024;
    private const int ByteOrderMark = 0xFEFF;

    // While reading, a character's symbol is its place in order of first appearance; −1: not seen.
    // In pages, since most texts use few of the code points.
    private readonly int[]?[] _symbolOf = new int[CodePoints >> PageBits][];
    private readonly List<int> _seen = [];
    private readonly SymbolSequence _symbols = new();
    private readonly byte[] _cut = new byte[LongestSequence];
    private int _cutLength;
    private long _offset;

    /// <exception cref="InvalidTextException">The bytes are not UTF-8, empty, or have too many different characters.</exception>
    public static (SymbolSequence Symbols, Vocabulary Vocabulary) Read(Stream utf8)
    {
        var reader = new Utf8TextReader();
        var buffer = new byte[BufferSize];
        for (int read; (read = utf8.Read(buffer)) > 0;)
        {
            reader.Add(buffer.AsSpan(0, read));
        }

        return reader.Finish();
    }

    /// <inheritdoc cref="Read(Stream)"/>
    public static (SymbolSequence Symbols, Vocabulary Vocabulary) Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8TextReader();
        reader.Add(utf8);
        return reader.Finish();
    }

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
                AddCharacter(rune.Value, _cutLength);
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
                AddCharacter(bytes[0], 1);
                bytes = bytes[1..];
                continue;
            }

            switch (Rune.DecodeFromUtf8(bytes, out var rune, out var length))
            {
                case OperationStatus.Done:
                    AddCharacter(rune.Value, length);
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

    private void AddCharacter(int codePoint, int bytes)
    {
        if (codePoint == ByteOrderMark && _offset == 0)
        {
            _offset += bytes;
            return;
        }

        ref var page = ref _symbolOf[codePoint >> PageBits];
        if (page is null)
        {
            page = new int[PageLength];
            Array.Fill(page, -1);
        }

        ref var symbol = ref page[codePoint & (PageLength - 1)];
        if (symbol < 0)
        {
            if (_seen.Count == Vocabulary.Limit)
            {
                throw new InvalidTextException(
                    $"The text has more than {Vocabulary.Limit} different characters, the most a vocabulary may have; the next one stands at byte offset {_offset}.");
            }

            symbol = _seen.Count;
            _seen.Add(codePoint);
        }

        _symbols.Add((ushort)symbol);
        _offset += bytes;
    }

    private (SymbolSequence Symbols, Vocabulary Vocabulary) Finish()
    {
        if (_cutLength > 0)
        {
            throw Malformed(_cut.AsSpan(0, _cutLength));
        }

        if (_symbols.Count == 0)
        {
            throw new InvalidTextException("The text is empty; it needs at least one character.");
        }

        var ascending = _seen.ToArray();
        Array.Sort(ascending);
        var renamed = new ushort[_seen.Count];
        for (var symbol = 0; symbol < renamed.Length; symbol++)
        {
            renamed[symbol] = (ushort)Array.BinarySearch(ascending, _seen[symbol]);
        }

        _symbols.Rename(renamed);
        return (_symbols, new Vocabulary([.. ascending]));
    }

    private InvalidTextException Malformed(ReadOnlySpan<byte> bytes)
    {
        var shown = Convert.ToHexString(bytes[..Math.Min(bytes.Length, LongestSequence)]);
        return new InvalidTextException($"The text is not valid UTF-8: no character starts at byte offset {_offset} (bytes 0x{shown}).");
    }
}
