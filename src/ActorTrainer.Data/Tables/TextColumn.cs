using System.Runtime.InteropServices;
using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>A column of texts, each kept once: a row holds the code of its text, and codes count up as texts first appear.</summary>
public sealed class TextColumn
{
    private readonly List<string> _texts = [];
    private readonly List<int> _codes = [];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    internal TextColumn(string name)
    {
        Name = name;
        _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public int Rows => _codes.Count;

    /// <summary>Every text once, by its code.</summary>
    public IReadOnlyList<string> Distinct => _texts;

    /// <summary>[Rows] the code of each row's text.</summary>
    public ReadOnlySpan<int> Codes => CollectionsMarshal.AsSpan(_codes);

    /// <summary>The text of a row.</summary>
    public string this[int row] => _texts[_codes[row]];

    /// <param name="utf8">Valid UTF-8.</param>
    internal void Add(ReadOnlySpan<byte> utf8, Span<char> room) => Add(room[..Encoding.UTF8.GetChars(utf8, room)]);

    internal void Add(ReadOnlySpan<char> text)
    {
        if (!_lookup.TryGetValue(text, out var code))
        {
            code = _texts.Count;
            _texts.Add(text.ToString());
            _codeOf.Add(_texts[code], code);
        }

        _codes.Add(code);
    }
}
