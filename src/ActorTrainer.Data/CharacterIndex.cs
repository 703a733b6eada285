using System.Collections.Immutable;

namespace ActorTrainer.Data;

/// <summary>
/// The characters of a text that is still being read. Until its end a character's number is its place in
/// order of first appearance; at the end <see cref="Finish"/> says which symbol each number becomes.
/// </summary>
/// <param name="limit">Most different characters.</param>
internal sealed class CharacterIndex(int limit = Vocabulary.Limit)
{
    private const int CodePoints = 0x110000;
    private const int PageBits = 8;
    private const int PageLength = 1 << PageBits;

    // In pages, since most texts use few of the code points. −1: not seen.
    private readonly int[]?[] _numberOf = new int[CodePoints >> PageBits][];
    private readonly List<int> _seen = [];

    /// <summary>Different characters so far.</summary>
    public int Count => _seen.Count;

    /// <summary>The number of a character, a new one where it was not seen before.</summary>
    /// <returns>−1: it is new, and there can be no more.</returns>
    public int NumberOf(int codePoint)
    {
        ref var page = ref _numberOf[codePoint >> PageBits];
        if (page is null)
        {
            page = new int[PageLength];
            Array.Fill(page, -1);
        }

        ref var number = ref page[codePoint & (PageLength - 1)];
        if (number < 0 && _seen.Count < limit)
        {
            number = _seen.Count;
            _seen.Add(codePoint);
        }

        return number;
    }

    /// <summary>The vocabulary of all characters seen, and of each number its symbol.</summary>
    public (Vocabulary Vocabulary, ImmutableArray<ushort> SymbolOf) Finish()
    {
        var ascending = _seen.ToArray();
        Array.Sort(ascending);
        var symbolOf = new ushort[_seen.Count];
        for (var number = 0; number < symbolOf.Length; number++)
        {
            symbolOf[number] = (ushort)Array.BinarySearch(ascending, _seen[number]);
        }

        return (new Vocabulary([.. ascending]), [.. symbolOf]);
    }
}
