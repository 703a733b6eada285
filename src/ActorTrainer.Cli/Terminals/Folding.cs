namespace ActorTrainer.Cli.Terminals;

/// <summary>A line that is too wide for its terminal, as several that break between words.</summary>
internal static class Folding
{
    private const int UsualIndent = 4;

    /// <summary>
    /// What follows the first line stands under the second column of words ("  data   sums of …"), or a
    /// little to the right. A word that is wider than the terminal stays whole, to be copied.
    /// </summary>
    public static IReadOnlyList<string> Fold(string line, int columns)
    {
        var secondColumn = SecondColumn(line);
        var indent = new string(' ', secondColumn <= columns / 3 ? secondColumn : Math.Min(UsualIndent, Math.Max(0, columns / 3)));
        var folded = new List<string>();
        var (lead, rest) = ("", line);
        while (DisplayWidth.Of(lead + rest) > columns && Break(rest, columns - lead.Length) is { } at)
        {
            folded.Add(lead + rest[..at].TrimEnd(' '));
            (lead, rest) = (indent, rest[at..].TrimStart(' '));
        }

        return [.. folded, lead + rest];
    }

    /// <summary>The last blank that what stands before fits into the room; the first one if nothing fits; null if there is none.</summary>
    private static int? Break(string text, int room)
    {
        int? found = null;
        var at = text.Length - text.TrimStart(' ').Length;
        while ((at = text.IndexOf(' ', at)) >= 0 && (found is null || DisplayWidth.Of(text[..at]) <= room))
        {
            found = at;
            at = text.Length - text[at..].TrimStart(' ').Length;
        }

        return found;
    }

    /// <summary>Where it begins: behind the first gap of two blanks that follows a word.</summary>
    private static int SecondColumn(string line)
    {
        var word = line.Length - line.TrimStart(' ').Length;
        var gap = line.IndexOf("  ", word, StringComparison.Ordinal);
        return gap < 0 ? int.MaxValue : line.Length - line[gap..].TrimStart(' ').Length;
    }
}
