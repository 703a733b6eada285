using System.Numerics;
using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Reduction;

/// <summary>
/// A complete subtree of the norm's tree (B6): blocks [<paramref name="First"/>, First + Count), Count a
/// power of two that divides First, with the sum of the squares of their parameters.
/// </summary>
public readonly record struct NormSubtree(int First, int Count, double Squares)
{
    public int End => First + Count;
}

/// <summary>
/// The squared norm of the gradient (B6): squares in double over blocks of 256 parameters by B7's
/// accumulators, blocks along the tree of B4 over the block index, padded to a power of two.
/// </summary>
/// <remarks>
/// A sum of squares is never −0, so adding a padding block's +0 changes no bit and is left out.
/// </remarks>
public static class NormBlocks
{
    /// <summary>Parameters of a block; shards are cut on multiples of it.</summary>
    public const int BlockSize = 256;

    /// <summary>Blocks that so many parameters fill; the last may be short.</summary>
    public static int Count(int parameters) => (int)(((long)parameters + BlockSize - 1) / BlockSize);

    /// <summary>Σ x² of each block.</summary>
    /// <param name="parameters">[n] from the start of a block on.</param>
    /// <param name="sums">[Count(n)] receives the blocks' sums.</param>
    /// <exception cref="ArgumentException"><paramref name="sums"/> has another length.</exception>
    public static void Squares(ReadOnlySpan<float> parameters, Span<double> sums, VectorWidth? width = null)
    {
        if (sums.Length != Count(parameters.Length))
        {
            throw new ArgumentException($"{parameters.Length} parameters fill {Count(parameters.Length)} blocks and sums has {sums.Length}", nameof(sums));
        }

        for (var block = 0; block < sums.Length; block++)
        {
            var first = block * BlockSize;
            var length = Math.Min(BlockSize, parameters.Length - first);
            sums[block] = VectorKernels.SumOfSquares(parameters.Slice(first, length), width);
        }
    }

    /// <summary>The root of the tree, from the sums of all its blocks; nothing is allocated.</summary>
    /// <param name="sums">The blocks' sums, of the whole vector; overwritten.</param>
    public static double Total(Span<double> sums)
    {
        // A node without a sibling has padding beside it.
        for (var count = sums.Length; count > 1; count = (count + 1) / 2)
        {
            for (var i = 0; i < count / 2; i++)
            {
                sums[i] = sums[2 * i] + sums[(2 * i) + 1];
            }

            if (count % 2 == 1)
            {
                sums[count / 2] = sums[count - 1];
            }
        }

        return sums.IsEmpty ? 0 : sums[0];
    }

    /// <summary>
    /// The complete subtrees that together are blocks [<paramref name="first"/>, first + sums.Length): what
    /// a shard sends, at most 2·log₂ of them.
    /// </summary>
    /// <param name="first">Index of the first block.</param>
    /// <param name="sums">The blocks' sums; overwritten.</param>
    public static NormSubtree[] Subtrees(int first, Span<double> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var subtrees = new List<NormSubtree>();
        for (var begin = 0; begin < sums.Length;)
        {
            var aligned = first + begin == 0 ? 1 << 30 : 1 << BitOperations.TrailingZeroCount(first + begin);
            var fits = 1 << BitOperations.Log2((uint)(sums.Length - begin));
            var count = Math.Min(aligned, fits);
            subtrees.Add(new(first + begin, count, Fold(sums.Slice(begin, count))));
            begin += count;
        }

        return [.. subtrees];
    }

    /// <summary>The root of the tree.</summary>
    /// <param name="subtrees">Disjoint, in any order.</param>
    /// <param name="blocks">Blocks of the whole vector.</param>
    /// <exception cref="ArgumentException">The subtrees do not hold every block once.</exception>
    public static double Total(IEnumerable<NormSubtree> subtrees, int blocks)
    {
        // Merge siblings as they come; what is left are ever smaller trees, the last one beside padding.
        var nodes = new List<NormSubtree>();
        var next = 0;
        foreach (var subtree in subtrees.OrderBy(subtree => subtree.First))
        {
            if (subtree.First != next || subtree.Count <= 0 || !BitOperations.IsPow2(subtree.Count) || subtree.First % subtree.Count != 0)
            {
                throw new ArgumentException($"blocks [{subtree.First},{subtree.End}) do not follow block {next}", nameof(subtrees));
            }

            next = subtree.End;
            nodes.Add(subtree);
            while (nodes.Count > 1 && nodes[^2].Count == nodes[^1].Count && nodes[^2].First % (2 * nodes[^2].Count) == 0)
            {
                var parent = new NormSubtree(nodes[^2].First, 2 * nodes[^2].Count, nodes[^2].Squares + nodes[^1].Squares);
                nodes.RemoveRange(nodes.Count - 2, 2);
                nodes.Add(parent);
            }
        }

        if (next != blocks)
        {
            throw new ArgumentException($"the subtrees end at block {next} of {blocks}", nameof(subtrees));
        }

        var total = 0d;
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            total = nodes[i].Squares + total;
        }

        return total;
    }

    private static double Fold(Span<double> sums)
    {
        for (var count = sums.Length / 2; count > 0; count /= 2)
        {
            for (var i = 0; i < count; i++)
            {
                sums[i] = sums[2 * i] + sums[(2 * i) + 1];
            }
        }

        return sums[0];
    }
}
