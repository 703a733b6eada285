using System.Text;

namespace ActorTrainer.Cli.Reports;

/// <summary>Text that a model wrote, set off from what the program says.</summary>
internal static class SampleBlock
{
    /// <summary>Behind a rule at the left, cut at <paramref name="width"/>; at most <paramref name="lines"/> lines, blank ones left out.</summary>
    public static IReadOnlyList<string> Format(string text, int width, int lines)
    {
        const string Margin = "    │ ";
        var room = Math.Max(10, width - Margin.Length);
        return
        [
            .. Clean(text).Split('\n')
                .SelectMany(line => Fold(line.TrimEnd(), room))
                .Where(line => line.Length > 0)
                .Take(lines)
                .Select(line => Margin + line),
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
            else if (rune.Value == '\n' || !Rune.IsControl(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static IEnumerable<string> Fold(string line, int room)
    {
        for (var at = 0; at < line.Length;)
        {
            var length = Math.Min(room, line.Length - at);
            if (at + length < line.Length && char.IsHighSurrogate(line[at + length - 1]))
            {
                length--;
            }

            yield return line.Substring(at, length);
            at += length;
        }
    }
}
