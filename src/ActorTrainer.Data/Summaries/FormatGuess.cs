using System.Text;

namespace ActorTrainer.Data.Summaries;

/// <summary>Tells by the first bytes of a file how it is written, where nobody says.</summary>
public static class FormatGuess
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Length = 16 * 1024;

    /// <summary>Lines that are looked at.</summary>
    private const int MostLines = 20;

    /// <param name="start">The first bytes of the file, at most <see cref="Length"/>, or all of it.</param>
    /// <param name="delimiter">What would stand between the cells of a table.</param>
    public static DataFormat Of(ReadOnlySpan<byte> start, char delimiter)
    {
        if (start is [0x1F, 0x8B, ..] or [0, 0, ..])
        {
            return DataFormat.Idx;
        }

        var content = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        if (content.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            return DataFormat.JsonLines;
        }

        return LooksLikeTable(content, delimiter) ? DataFormat.Csv : DataFormat.Text;
    }

    /// <summary>
    /// The first line has a delimiter, and three of four lines behind it have as many. A table with a fault
    /// near its start is one, too, so that the fault is told; verses with a comma here and there are none.
    /// </summary>
    private static bool LooksLikeTable(ReadOnlySpan<byte> content, char delimiter)
    {
        var (first, alike, lines) = (0, 0, 0);
        var text = Encoding.Latin1.GetString(content);
        for (var at = 0; at < text.Length && lines < MostLines;)
        {
            var (count, end, isWhole) = Count(text, at, delimiter);
            var isBlank = string.IsNullOrWhiteSpace(text[at..end]);
            at = end + 1;
            if (isBlank || (!isWhole && lines > 0 && content.Length >= Length))
            {
                continue;
            }

            first = lines == 0 ? count : first;
            alike += count == first ? 1 : 0;
            lines++;
        }

        return first > 0 && lines > 1 && 4 * (alike - 1) >= 3 * (lines - 1);
    }

    /// <summary>The delimiters of one line outside quotes, and where it ends.</summary>
    private static (int Count, int End, bool IsWhole) Count(string text, int start, char delimiter)
    {
        var (count, quoted) = (0, false);
        for (var at = start; at < text.Length; at++)
        {
            quoted ^= text[at] == '"';
            if (!quoted && text[at] == '\n')
            {
                return (count, at, true);
            }

            count += !quoted && text[at] == delimiter ? 1 : 0;
        }

        return (count, text.Length, false);
    }
}
