namespace ActorTrainer.Data.Lines;

/// <summary>
/// Reads UTF-8 strictly into lines of symbols. A line ends at '\n' or at the text's end; a '\r' right
/// before its end belongs to the end; lines without any character are skipped.
/// </summary>
internal sealed class LinesReader : Utf8Decoder
{
    /// <summary>Bytes held for a line beside its characters: where it starts, and its place in an order.</summary>
    private const int BytesPerLine = sizeof(long) + sizeof(int);

    private readonly CharacterIndex _characters = new();
    private readonly SymbolSequence _symbols = new();
    private readonly ChunkedList<long> _starts = new();
    private readonly FaultList _faults = new();
    private readonly int _maximumLength;
    private readonly DataLimits _limits;
    private long _line = 1;
    private long _start;
    private long _length;
    private bool _returned;

    private LinesReader(int maximumLength, DataLimits limits)
    {
        (_maximumLength, _limits) = (maximumLength, limits);
        _characters.NumberOf('\n');
    }

    /// <exception cref="InvalidTextException">The bytes are not UTF-8.</exception>
    /// <exception cref="InvalidDataSetException">There is no line, or a line is too long, or a bound was hit.</exception>
    public static LinesOfSymbols Read(Stream utf8, int maximumLength, DataLimits limits)
    {
        var reader = new LinesReader(maximumLength, limits);
        reader.Decode(utf8);
        return reader.Finish();
    }

    protected override void Add(int codePoint)
    {
        RequireRoom();
        if (codePoint == '\n')
        {
            EndLine();
            return;
        }

        if (_returned)
        {
            // It ended no line: a character like others.
            _returned = false;
            AddCharacter('\r');
        }

        if (codePoint == '\r')
        {
            _returned = true;
        }
        else
        {
            AddCharacter(codePoint);
        }
    }

    private void AddCharacter(int codePoint)
    {
        if (++_length > _maximumLength)
        {
            // Counted to the line's end, to say how long it is, but not held.
            return;
        }

        var number = _characters.NumberOf(codePoint);
        if (number < 0)
        {
            throw new InvalidDataSetException(
                $"Line {_line}: the text has more than {Vocabulary.Limit} different characters, the most a vocabulary may have.", _line);
        }

        _symbols.Add((ushort)number);
    }

    private void EndLine()
    {
        _returned = false;
        if (_length > _maximumLength)
        {
            _faults.Add(_line, null, $"it has {_length} characters; maximum_length is {_maximumLength}.");
        }
        else if (_length > 0)
        {
            _starts.Add(_start);
        }

        (_start, _length) = (_symbols.Count, 0);
        _line++;
    }

    private void RequireRoom()
    {
        if (Offset >= _limits.MaximumBytes)
        {
            throw new InvalidDataSetException($"Line {_line}: the text goes on after {_limits.MaximumBytes} bytes, the most of a file.", _line);
        }

        if ((_symbols.Count * sizeof(ushort)) + (_starts.Count * BytesPerLine) >= _limits.MaximumBytes)
        {
            throw new InvalidDataSetException(
                $"Line {_line}: the {_starts.Count} lines before it fill {_limits.MaximumBytes} bytes of memory, the most for a file.", _line);
        }
    }

    private LinesOfSymbols Finish()
    {
        if (_returned)
        {
            AddCharacter('\r');
        }

        if (_length > 0)
        {
            EndLine();
        }

        _faults.ThrowIfAny();
        if (_starts.Count == 0)
        {
            throw new InvalidDataSetException("The text has no line with a character in it; it needs at least one.");
        }

        _starts.Add(_symbols.Count);
        var (vocabulary, symbolOf) = _characters.Finish();
        _symbols.Rename(symbolOf.AsSpan());
        return new LinesOfSymbols(_symbols, _starts, vocabulary);
    }
}
