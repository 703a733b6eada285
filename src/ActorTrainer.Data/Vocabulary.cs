using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ActorTrainer.Data;

/// <summary>
/// The characters (Unicode code points) that a language model knows. A symbol is a character's place
/// in ascending order of code points, which no culture can change (B12).
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Most characters a vocabulary may have.</summary>
    public const int Limit = 65_536;

    private readonly ImmutableArray<int> _codePoints;

    /// <param name="codePoints">Unicode scalar values, ascending, each once.</param>
    /// <exception cref="ArgumentException">They are none, too many, not ascending, or not scalar values.</exception>
    public Vocabulary(ImmutableArray<int> codePoints)
    {
        if (codePoints.Length is 0 or > Limit)
        {
            throw new ArgumentException($"a vocabulary has 1 to {Limit} characters, not {codePoints.Length}.", nameof(codePoints));
        }

        for (var symbol = 0; symbol < codePoints.Length; symbol++)
        {
            if (!Rune.IsValid(codePoints[symbol]) || (symbol > 0 && codePoints[symbol] <= codePoints[symbol - 1]))
            {
                throw new ArgumentException(
                    $"character {symbol} of the vocabulary is 0x{codePoints[symbol]:X4}; code points must be valid and ascend.",
                    nameof(codePoints));
            }
        }

        _codePoints = codePoints;
        Characters = Decode([.. Enumerable.Range(0, codePoints.Length)]);
    }

    /// <summary>Symbols are 0 to Count − 1.</summary>
    public int Count => _codePoints.Length;

    /// <summary>Every character once, in the order of their symbols: all that a vocabulary is.</summary>
    public string Characters { get; }

    /// <summary>The vocabulary whose <see cref="Characters"/> these are.</summary>
    /// <exception cref="InvalidTextException">They are not what a vocabulary writes.</exception>
    public static Vocabulary FromCharacters(string characters)
    {
        var codePoints = ImmutableArray.CreateBuilder<int>();
        for (var at = 0; at < characters.Length;)
        {
            codePoints.Add(RuneAt(characters, ref at).Value);
        }

        try
        {
            return new Vocabulary(codePoints.ToImmutable());
        }
        catch (ArgumentException cause)
        {
            throw new InvalidTextException($"These characters are no vocabulary: {cause.Message}");
        }
    }

    /// <summary>The symbols of a text.</summary>
    /// <exception cref="InvalidTextException">A character is not in the vocabulary, or half of a surrogate pair.</exception>
    public int[] Encode(string text)
    {
        var symbols = new List<int>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var rune = RuneAt(text, ref at);
            var symbol = SymbolOf(rune.Value);
            if (symbol < 0)
            {
                throw new InvalidTextException(
                    $"Character {Describe(rune)} at position {start} is not among the {Count} characters that the model was trained on.");
            }

            symbols.Add(symbol);
        }

        return [.. symbols];
    }

    /// <summary>The symbol of a code point, or −1.</summary>
    public int SymbolOf(int codePoint)
    {
        var symbol = _codePoints.AsSpan().BinarySearch(codePoint);
        return symbol < 0 ? -1 : symbol;
    }

    /// <summary>The character of one symbol.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The symbol is outside [0, Count).</exception>
    public string Decode(int symbol) => RuneOf(symbol).ToString();

    /// <summary>The text of symbols.</summary>
    /// <inheritdoc cref="Decode(int)"/>
    public string Decode(ReadOnlySpan<int> symbols)
    {
        var text = new StringBuilder(symbols.Length);
        Span<char> characters = stackalloc char[2];
        foreach (var symbol in symbols)
        {
            text.Append(characters[..RuneOf(symbol).EncodeToUtf16(characters)]);
        }

        return text.ToString();
    }

    private Rune RuneOf(int symbol) => (uint)symbol < (uint)Count
        ? new Rune(_codePoints[symbol])
        : throw new ArgumentOutOfRangeException(nameof(symbol), symbol, $"symbol is {symbol}; the vocabulary has {Count}.");

    private static Rune RuneAt(string text, ref int at)
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != OperationStatus.Done)
        {
            throw new InvalidTextException($"U+{(int)text[at]:X4} at position {at} is half of a surrogate pair, which is no character.");
        }

        at += length;
        return rune;
    }

    private static string Describe(Rune rune) => Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}' (U+{rune.Value:X4})";
}
