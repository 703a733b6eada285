using System.Globalization;
using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>Shows pieces of a file in messages: quoted, cut short, and harmless to a terminal.</summary>
internal static class CellText
{
    /// <summary>Most names that a message lists.</summary>
    public const int MostNames = 20;

    private const int Longest = 60;

    public static string Quoted(ReadOnlySpan<byte> utf8) =>
        Quoted(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * (Longest + 1))]));

    public static string Quoted(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes().Take(Longest))
        {
            _ = Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : shown.Append(rune);
        }

        return shown.Append(text.EnumerateRunes().Skip(Longest).Any() ? "…\"" : "\"").ToString();
    }

    /// <summary>The first characters of a text, with … where there are more; never half of a surrogate pair.</summary>
    public static string Cut(string text, int most) => text.Length <= most
        ? text
        : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";

    /// <summary>A name as it is where that is plain, else quoted.</summary>
    public static string Name(string name) =>
        name.Length <= Longest && name.All(c => char.IsLetterOrDigit(c) || c is ' ' or '_' or '-' or '.' or '(' or ')' or '[' or ']' or '%' or '/' or '°' or '℃') ? name : Quoted(name);

    public static string Listed(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(Name)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
