using System.Security.Cryptography;

namespace ActorTrainer.Data;

/// <summary>What data is known by: the SHA-256 of its bytes, as 64 lower-case hexadecimal digits.</summary>
public static class ContentHash
{
    /// <summary>The hash of what is left in the stream, which is read to its end.</summary>
    public static string Sha256Of(Stream content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The hash of the bytes.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
