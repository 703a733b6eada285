using System.Globalization;
using System.Text;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Reports;

/// <summary>Text that a model wrote, set off from what the program says.</summary>
internal static class SampleBlock
{
    /// <summary>
    /// Line by line behind a rule at the left, each cut with an ellipsis at <paramref name="width"/> columns; at
    /// most <paramref name="lines"/> lines, blank ones left out.
    /// </summary>
    public static IReadOnlyList<string> Format(string text, int width, int lines)
    {
        const string Margin = "    │ ";
        var room = Math.Max(10, width - Margin.Length);
        return
        [
            .. Clean(text).Split('\n')
                .Select(line => line.TrimEnd())
                .Where(line => line.Length > 0)
                .Take(lines)
                .Select(line => Margin + DisplayWidth.Cut(line, room)),
        ];
    }

    /// <summary>Without what could steer the terminal: a model writes whatever its data holds.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                clean.Append("    ");
            }
            else if (rune.Value == '\n' || !Steers(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>
    /// Control characters, line separators that are none of ours, and formats such as the change of direction;
    /// but not the two that join letters or keep them apart.
    /// </summary>
    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };
}
