namespace ActorTrainer.Data.Tables;

/// <summary>Counts line breaks, LF, CR or both together, over pieces of a text.</summary>
internal sealed class LineCounter
{
    private bool _endedWithReturn;

    /// <summary>Line breaks so far.</summary>
    public long Lines { get; private set; }

    public void Count(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Lines += Of(text) - (_endedWithReturn && text[0] == '\n' ? 1 : 0);
        _endedWithReturn = text[^1] == '\r';
    }

    /// <summary>Line breaks of one piece.</summary>
    public static long Of(ReadOnlySpan<byte> text)
    {
        var count = 0L;
        for (int at; (at = text.IndexOfAny((byte)'\r', (byte)'\n')) >= 0;)
        {
            count++;
            text = text[(at + (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1))..];
        }

        return count;
    }
}
