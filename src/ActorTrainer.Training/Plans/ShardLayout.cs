using System.Collections.Immutable;

namespace ActorTrainer.Training.Plans;

/// <summary>Consecutive parameters of the flat vector (B13), [<paramref name="First"/>, First + Count).</summary>
public readonly record struct ParameterRange(int First, int Count)
{
    public int End => First + Count;

    public override string ToString() => $"[{First},{End})";
}

/// <summary>A complete subtree of the norm tree (B6): blocks [First, First + 2^Height).</summary>
public readonly record struct NormRange(int First, int Height)
{
    public int Count => 1 << Height;

    public int End => First + Count;
}

/// <summary>
/// How the flat parameter vector is cut into shards: S consecutive ranges on the boundaries of the
/// 256-parameter norm blocks (B6), as equal as whole blocks allow. Where there are fewer blocks than
/// shards were asked for, there are as many shards as blocks: a shard is never empty.
/// </summary>
public sealed class ShardLayout
{
    /// <summary>Parameters of a norm block (B6).</summary>
    public const int BlockSize = 256;

    /// <param name="parameterCount">Of the whole model.</param>
    /// <param name="requested">The shards asked for; <see cref="Count"/> tells how many there are.</param>
    public ShardLayout(int parameterCount, int requested)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameterCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requested);
        ParameterCount = parameterCount;
        BlockCount = (int)(((long)parameterCount + BlockSize - 1) / BlockSize);
        Count = Math.Min(requested, BlockCount);
        PaddedBlockCount = 1;
        while (PaddedBlockCount < BlockCount)
        {
            PaddedBlockCount <<= 1;
        }
    }

    public int ParameterCount { get; }

    /// <summary>Shards, each of at least one block.</summary>
    public int Count { get; }

    /// <summary>Norm blocks that hold parameters; the last may be partial.</summary>
    public int BlockCount { get; }

    /// <summary>Leaves of the norm tree: the block count padded to a power of two; a padding block's sum is +0.</summary>
    public int PaddedBlockCount { get; }

    public ParameterRange Range(int shard)
    {
        var first = FirstBlock(shard) * BlockSize;
        var end = (int)Math.Min((long)FirstBlock(shard + 1) * BlockSize, ParameterCount);
        return new ParameterRange(first, end - first);
    }

    /// <summary>The shard that holds a parameter.</summary>
    public int ShardOf(int parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, ParameterCount);

        // The largest s with ⌊s·N/S⌋ ≤ block.
        var block = parameter / BlockSize;
        return (int)(((((long)block + 1) * Count) - 1) / BlockCount);
    }

    /// <summary>
    /// The complete subtrees of the norm tree that the shard owns, ascending. The last shard owns the
    /// padding too, so that all shards' subtrees together are the whole tree; with one shard they are
    /// the root alone.
    /// </summary>
    public ImmutableArray<NormRange> Subtrees(int shard)
    {
        var first = FirstBlock(shard);
        var end = shard == Count - 1 ? PaddedBlockCount : FirstBlock(shard + 1);
        return [.. AlignedBlocks.OfRange(first, end).Select(block => new NormRange(block.First, int.Log2(block.Count)))];
    }

    private int FirstBlock(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shard, Count);
        return (int)((long)shard * BlockCount / Count);
    }
}
