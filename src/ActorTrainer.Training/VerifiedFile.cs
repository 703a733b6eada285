using System.Security.Cryptography;

namespace ActorTrainer.Training;

/// <summary>A file that a recipe names by its SHA-256: whoever reads it gets what was made of it only if the bytes are the right ones.</summary>
internal static class VerifiedFile
{
    /// <summary>Opens, reads and closes a file.</summary>
    /// <param name="open">Opens the file of a hash.</param>
    /// <param name="read">Makes something of the bytes; need not read them to their end.</param>
    /// <param name="wrong">What is thrown when the bytes have another hash; it is told why.</param>
    /// <remarks>
    /// Bytes that cannot be read because they are the wrong ones are refused as the wrong ones: it is the
    /// cause, and what <paramref name="read"/> threw only follows from it.
    /// </remarks>
    public static T Read<T>(string sha256, Func<string, Stream> open, Func<Stream, T> read, Func<string, Exception> wrong)
    {
        using var sha = SHA256.Create();
        using var hashed = new CryptoStream(open(sha256), sha, CryptoStreamMode.Read);
        try
        {
            var result = read(hashed);
            Require();
            return result;
        }
        catch (Exception unreadable) when (unreadable is not (IOException or OutOfMemoryException))
        {
            Require();
            throw;
        }

        void Require()
        {
            Span<byte> rest = stackalloc byte[4096];
            while (hashed.Read(rest) > 0)
            {
            }

            var found = Convert.ToHexStringLower(sha.Hash!);
            if (found != sha256)
            {
                throw wrong($"The file has the SHA-256 {found}; the recipe asks for the one with {sha256}.");
            }
        }
    }
}
