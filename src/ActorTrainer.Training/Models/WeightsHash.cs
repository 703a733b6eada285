using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorTrainer.Training.Models;

/// <summary>
/// The hash a run is judged by (B13): SHA-256 over the dense little-endian float32 values in layout
/// order. Fed with consecutive parts, so that weights that lie in shards need not be joined.
/// </summary>
public sealed class WeightsHash : IDisposable
{
    // A span of bytes holds 2³¹ at most; weights may have four times that.
    private const int FloatsAtOnce = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="PlatformNotSupportedException">The machine is big-endian, where nothing of this was ever tested.</exception>
    public WeightsHash()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Weights are hashed and stored little-endian; this machine is big-endian.");
        }
    }

    /// <summary>The hash of all weights, 64 lower-case hexadecimal digits.</summary>
    public static string Sha256(ReadOnlySpan<float> weights)
    {
        using var hash = new WeightsHash();
        hash.Append(weights);
        return hash.Finish();
    }

    /// <summary>Adds the next values in layout order.</summary>
    public void Append(ReadOnlySpan<float> weights)
    {
        while (!weights.IsEmpty)
        {
            var part = weights[..Math.Min(weights.Length, FloatsAtOnce)];
            _hash.AppendData(MemoryMarshal.AsBytes(part));
            weights = weights[part.Length..];
        }
    }

    /// <summary>The hash of all that was added; the object is as new afterwards.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
