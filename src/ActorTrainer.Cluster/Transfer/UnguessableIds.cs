using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// Tensor ids of a node that others can ask: 63 random bits, so that whoever can name a tensor was told its name.
/// For one thread at a time, as the store calls it.
/// </summary>
public sealed class UnguessableIds
{
    // A draw from the operating system costs as much as many ids.
    private readonly long[] _drawn = new long[512];
    private int _left;

    /// <summary>At least 0, which keeps them short on the wire.</summary>
    public long Next()
    {
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_drawn.AsSpan()));
            _left = _drawn.Length;
        }

        // An id that was given out must not be found in memory again.
        var id = _drawn[--_left] & long.MaxValue;
        _drawn[_left] = 0;
        return id;
    }
}
