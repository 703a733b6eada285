using System.Diagnostics;

namespace ActorTrainer.Numerics.Randomness;

/// <summary>
/// Philox 4×32-10: a function from a 64-bit key and a 128-bit counter to 128 random bits, without any
/// state. Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
/// </summary>
public static class Philox4x32
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;

    // The fraction of the golden ratio and √3 − 1: Weyl sequences that change the key between rounds.
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The block of four words at one counter under one key.</summary>
    public static PhiloxBlock Block(uint key0, uint key1, uint counter0, uint counter1, uint counter2, uint counter3)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * counter0;
            var product1 = (ulong)Multiplier1 * counter2;
            (counter0, counter1, counter2, counter3) = (
                (uint)(product1 >> 32) ^ counter1 ^ key0,
                (uint)product1,
                (uint)(product0 >> 32) ^ counter3 ^ key1,
                (uint)product0);
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        return new PhiloxBlock(counter0, counter1, counter2, counter3);
    }
}

/// <summary>Four random words, in the generator's order.</summary>
public readonly record struct PhiloxBlock(uint Word0, uint Word1, uint Word2, uint Word3)
{
    /// <summary>The word at 0–3.</summary>
    public uint this[int word] => word switch
    {
        0 => Word0,
        1 => Word1,
        2 => Word2,
        3 => Word3,
        _ => throw new UnreachableException($"a block has words 0 to 3, not {word}"),
    };
}
