using System.Text;

namespace ActorTrainer.Data.Tables;

/// <summary>GBK (code page 936), strictly: bytes that stand for no character are a fault.</summary>
internal static class Gbk
{
    private static readonly Encoding Strict = CodePagesEncodingProvider.Instance.GetEncoding(
        936, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Most bytes of UTF-8 that so many bytes of GBK become: one byte, at most three.</summary>
    public static int MostUtf8Bytes(int length) => 3 * length;

    /// <summary>Length of the piece without a character that its end cuts.</summary>
    public static int WholeCharacters(ReadOnlySpan<byte> piece)
    {
        var at = 0;
        while (at < piece.Length)
        {
            var length = LengthAt(piece[at]);
            if (at + length > piece.Length)
            {
                break;
            }

            at += length;
        }

        return at;
    }

    /// <summary>Writes the text as UTF-8.</summary>
    /// <param name="characters">Room for as many characters as there are bytes.</param>
    /// <param name="utf8">Room for <see cref="MostUtf8Bytes"/>.</param>
    /// <returns>False: some bytes are no character.</returns>
    public static bool TryTranscode(ReadOnlySpan<byte> gbk, Span<char> characters, Span<byte> utf8, out int length)
    {
        length = 0;
        if (gbk.Contains((byte)0xFF))
        {
            return false; // No character has it; the framework makes one up.
        }

        try
        {
            length = Encoding.UTF8.GetBytes(characters[..Strict.GetChars(gbk, characters)], utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Where the first character begins that is none, or −1.</summary>
    public static int FirstFault(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[2];
        Span<byte> utf8 = stackalloc byte[6];
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = LengthAt(text[at]);
            if (at + length > text.Length || !TryTranscode(text.Slice(at, length), characters, utf8, out _))
            {
                return at;
            }
        }

        return -1;
    }

    private static int LengthAt(byte first) => first is >= 0x81 and <= 0xFE ? 2 : 1;
}
