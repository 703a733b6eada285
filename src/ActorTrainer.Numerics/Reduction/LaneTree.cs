using System.Numerics;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Reduction;

/// <summary>
/// The one binary tree along which lanes are summed (B4): node [a, b) = node [a, m) + node [m, b) with m
/// the middle, one addition an element; a lane without rows is +0, added and not skipped.
/// </summary>
public static class LaneTree
{
    /// <summary>The parent of two siblings: left[i] += right[i].</summary>
    /// <param name="left">The node with the lower lanes; becomes the parent.</param>
    /// <param name="right">Its sibling.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> left, ReadOnlySpan<float> right) =>
        VectorKernels.Add(left, right, left);

    /// <summary>The parent of two siblings, kept apart from both: parent[i] = left[i] + right[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> parent) =>
        VectorKernels.Add(left, right, parent);

    /// <summary>A node whose right half is empty: node[i] + (+0), which turns −0 into +0.</summary>
    public static void AddEmpty(Span<float> node)
    {
        for (var i = 0; i < node.Length; i++)
        {
            node[i] += 0f;
        }
    }

    /// <summary>The sums of a block from those of its lanes.</summary>
    /// <param name="lanes">[Count] of the block, ascending; default for a lane without rows.</param>
    /// <exception cref="ArgumentException">The number of lanes is not a power of two.</exception>
    public static LossSums Fold(ReadOnlySpan<LossSums> lanes)
    {
        if (!BitOperations.IsPow2(lanes.Length))
        {
            throw new ArgumentException($"a node of the tree has a power of two of lanes, not {lanes.Length}", nameof(lanes));
        }

        return lanes.Length == 1 ? lanes[0] : Fold(lanes[..(lanes.Length / 2)]) + Fold(lanes[(lanes.Length / 2)..]);
    }

    /// <summary>
    /// The largest aligned blocks that together hold exactly the lanes given: what a holder of these
    /// lanes can fold by itself.
    /// </summary>
    /// <param name="lanes">Lanes, ascending, each once.</param>
    /// <exception cref="ArgumentException">The lanes do not ascend.</exception>
    public static List<LaneBlock> Blocks(ReadOnlySpan<int> lanes)
    {
        var blocks = new List<LaneBlock>();
        for (var i = 0; i < lanes.Length; i++)
        {
            if (i > 0 && lanes[i] <= lanes[i - 1])
            {
                throw new ArgumentException($"lane {lanes[i]} follows lane {lanes[i - 1]}; lanes must ascend", nameof(lanes));
            }

            blocks.Add(new LaneBlock(lanes[i], 1));
            while (blocks.Count > 1 && AreSiblings(blocks[^2], blocks[^1]))
            {
                var parent = new LaneBlock(blocks[^2].First, 2 * blocks[^2].Count);
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add(parent);
            }
        }

        return blocks;
    }

    /// <summary>Whether the two are the halves of one node, <paramref name="left"/> the lower.</summary>
    public static bool AreSiblings(LaneBlock left, LaneBlock right) =>
        left.Count == right.Count && left.End == right.First && left.First % (2 * left.Count) == 0;

    /// <summary>
    /// Buffers of a stack on which lanes are folded as they arrive, like a binary counter: a leaf is written
    /// at its <see cref="Height"/>, then every node that it completes is added to its left sibling, the one
    /// below on the stack. The root ends in the first buffer.
    /// </summary>
    internal static int StackDepth(int lanes) => BitOperations.Log2((uint)lanes) + 1;

    /// <summary>Buffers on the stack before leaf number <paramref name="leaf"/> of a block comes.</summary>
    internal static int Height(int leaf) => BitOperations.PopCount((uint)leaf);

    /// <summary>Nodes that leaf number <paramref name="leaf"/> of a block completes.</summary>
    internal static int Folds(int leaf) => BitOperations.TrailingZeroCount(~leaf);
}
