using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics.Randomness;

/// <summary>
/// Philox 4×32-10 over consecutive blocks, 4 or 8 at once. The words are those of <see cref="Philox4x32"/>: it
/// computes with integers, so that no width can touch a bit.
/// </summary>
/// <remarks>
/// A 32-bit word stands in each 64-bit lane, whose upper half is garbage that the 32 × 32 bit product ignores.
/// Even lanes hold the first half of the blocks and odd lanes the second, so that unpacking two vectors of
/// pairs of words leaves the blocks in order.
/// </remarks>
internal static unsafe class PhiloxVectors
{
    /// <summary>Words are made in groups of so many, 8 blocks.</summary>
    public const int GroupWords = 32;

    public static int WholeGroups(int words) => (words + GroupWords - 1) / GroupWords * GroupWords;

    /// <summary>The words of the blocks from counter3 = 0 on.</summary>
    /// <param name="words">[groups × 32] receives them.</param>
    public static void Fill(
        uint key0, uint key1, uint counter0, uint counter1, uint counter2, uint* words, int groups, VectorWidth width)
    {
        var blocks = groups * (GroupWords / 4);
        if (width == VectorWidth.Bits512 && Avx512F.IsSupported)
        {
            for (var block = 0; block < blocks; block += 8)
            {
                Eight(key0, key1, counter0, counter1, counter2, (uint)block, words + (4 * block));
            }
        }
        else if (width >= VectorWidth.Bits256 && Avx2.IsSupported)
        {
            for (var block = 0; block < blocks; block += 4)
            {
                Four(key0, key1, counter0, counter1, counter2, (uint)block, words + (4 * block));
            }
        }
        else
        {
            for (var block = 0; block < blocks; block++)
            {
                var four = Philox4x32.Block(key0, key1, counter0, counter1, counter2, (uint)block);
                var to = words + (4 * block);
                (to[0], to[1], to[2], to[3]) = (four.Word0, four.Word1, four.Word2, four.Word3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(uint key0, uint key1, uint counter0, uint counter1, uint counter2, uint block, uint* words)
    {
        var m0 = Vector512.Create((ulong)Philox4x32.Multiplier0).AsUInt32();
        var m1 = Vector512.Create((ulong)Philox4x32.Multiplier1).AsUInt32();
        var c0 = Vector512.Create((ulong)counter0);
        var c1 = Vector512.Create((ulong)counter1);
        var c2 = Vector512.Create((ulong)counter2);
        var c3 = Vector512.Create((ulong)block) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
        for (var round = 0; round < Philox4x32.Rounds; round++)
        {
            var product0 = Avx512F.Multiply(c0.AsUInt32(), m0);
            var product1 = Avx512F.Multiply(c2.AsUInt32(), m1);
            c0 = (product1 >>> 32) ^ c1 ^ Vector512.Create((ulong)key0);
            c2 = (product0 >>> 32) ^ c3 ^ Vector512.Create((ulong)key1);
            (c1, c3) = (product1, product0);
            key0 = unchecked(key0 + Philox4x32.Weyl0);
            key1 = unchecked(key1 + Philox4x32.Weyl1);
        }

        var low = Vector512.Create((ulong)uint.MaxValue);
        var first = (c0 & low) | (c1 << 32);
        var second = (c2 & low) | (c3 << 32);
        Avx512F.UnpackLow(first, second).AsUInt32().Store(words);
        Avx512F.UnpackHigh(first, second).AsUInt32().Store(words + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(uint key0, uint key1, uint counter0, uint counter1, uint counter2, uint block, uint* words)
    {
        var m0 = Vector256.Create((ulong)Philox4x32.Multiplier0).AsUInt32();
        var m1 = Vector256.Create((ulong)Philox4x32.Multiplier1).AsUInt32();
        var c0 = Vector256.Create((ulong)counter0);
        var c1 = Vector256.Create((ulong)counter1);
        var c2 = Vector256.Create((ulong)counter2);
        var c3 = Vector256.Create((ulong)block) + Vector256.Create(0UL, 2, 1, 3);
        for (var round = 0; round < Philox4x32.Rounds; round++)
        {
            var product0 = Avx2.Multiply(c0.AsUInt32(), m0);
            var product1 = Avx2.Multiply(c2.AsUInt32(), m1);
            c0 = (product1 >>> 32) ^ c1 ^ Vector256.Create((ulong)key0);
            c2 = (product0 >>> 32) ^ c3 ^ Vector256.Create((ulong)key1);
            (c1, c3) = (product1, product0);
            key0 = unchecked(key0 + Philox4x32.Weyl0);
            key1 = unchecked(key1 + Philox4x32.Weyl1);
        }

        var low = Vector256.Create((ulong)uint.MaxValue);
        var first = (c0 & low) | (c1 << 32);
        var second = (c2 & low) | (c3 << 32);
        Avx2.UnpackLow(first, second).AsUInt32().Store(words);
        Avx2.UnpackHigh(first, second).AsUInt32().Store(words + 8);
    }
}
