namespace ActorTrainer.Data;

/// <summary>Reads UTF-8 strictly, a piece at a time, into symbols and the vocabulary they belong to.</summary>
internal sealed class Utf8TextReader : Utf8Decoder
{
    private readonly CharacterIndex _characters = new();
    private readonly SymbolSequence _symbols = new();

    /// <exception cref="InvalidTextException">The bytes are not UTF-8, empty, or have too many different characters.</exception>
    public static (SymbolSequence Symbols, Vocabulary Vocabulary) Read(Stream utf8)
    {
        var reader = new Utf8TextReader();
        reader.Decode(utf8);
        return reader.Finish();
    }

    /// <inheritdoc cref="Read(Stream)"/>
    public static (SymbolSequence Symbols, Vocabulary Vocabulary) Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8TextReader();
        reader.Decode(utf8);
        return reader.Finish();
    }

    protected override void Add(int codePoint)
    {
        var number = _characters.NumberOf(codePoint);
        if (number < 0)
        {
            throw new InvalidTextException(
                $"The text has more than {Vocabulary.Limit} different characters, the most a vocabulary may have; the next one stands at byte offset {Offset}.");
        }

        _symbols.Add((ushort)number);
    }

    private (SymbolSequence Symbols, Vocabulary Vocabulary) Finish()
    {
        if (_symbols.Count == 0)
        {
            throw new InvalidTextException("The text is empty; it needs at least one character.");
        }

        var (vocabulary, symbolOf) = _characters.Finish();
        _symbols.Rename(symbolOf.AsSpan());
        return (_symbols, vocabulary);
    }
}
