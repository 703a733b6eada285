using System.Collections.Immutable;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Plans;

/// <summary>The nodes of the binary tree (B4) that make up a set of leaves: as few and as large as there are.</summary>
public static class AlignedBlocks
{
    /// <summary>The maximal aligned blocks whose lanes all are in the set, ascending.</summary>
    /// <param name="lanes">Ascending, each once.</param>
    /// <exception cref="ArgumentException">The lanes do not ascend.</exception>
    public static ImmutableArray<LaneBlock> Of(ReadOnlySpan<int> lanes)
    {
        var blocks = ImmutableArray.CreateBuilder<LaneBlock>();
        for (var i = 0; i < lanes.Length;)
        {
            var first = lanes[i];
            var end = first + 1;
            for (i++; i < lanes.Length && lanes[i] == end; i++)
            {
                end++;
            }

            if (first < 0 || (i < lanes.Length && lanes[i] < end))
            {
                throw new ArgumentException($"Lanes must ascend from 0, each once; found {string.Join(", ", lanes.ToArray())}.", nameof(lanes));
            }

            AddRange(blocks, first, end);
        }

        return blocks.DrainToImmutable();
    }

    /// <summary>The maximal aligned blocks of [<paramref name="first"/>, <paramref name="end"/>), ascending: at most 2·log₂ of its length.</summary>
    public static ImmutableArray<LaneBlock> OfRange(int first, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, first);
        var blocks = ImmutableArray.CreateBuilder<LaneBlock>();
        AddRange(blocks, first, end);
        return blocks.DrainToImmutable();
    }

    private static void AddRange(ImmutableArray<LaneBlock>.Builder blocks, int first, int end)
    {
        while (first < end)
        {
            // The largest power of two that divides the start and still fits.
            var count = first == 0 ? 1 << 30 : first & -first;
            while (count > end - first)
            {
                count >>= 1;
            }

            blocks.Add(new LaneBlock(first, count));
            first += count;
        }
    }
}
