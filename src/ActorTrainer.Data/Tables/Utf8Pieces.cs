using System.Buffers;
using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>UTF-8 that comes in pieces, which may cut characters.</summary>
internal static class Utf8Pieces
{
    /// <summary>Length of the piece without a character that its end cuts.</summary>
    public static int WholeCharacters(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            var lead = piece[^back];
            if ((lead & 0xC0) == 0x80)
            {
                continue;
            }

            var length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            return length > back ? piece.Length - back : piece.Length;
        }

        return piece.Length;
    }

    /// <summary>Where the first character begins that is none, or −1.</summary>
    public static int FirstFault(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf8(text[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }
}
