using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Plans;

/// <summary>Consecutive parameters of the flat vector (B13), [<paramref name="First"/>, First + Count).</summary>
public readonly record struct ParameterRange(int First, int Count)
{
    public int End => First + Count;

    public override string ToString() => $"[{First},{End})";
}

/// <summary>
/// How the flat parameter vector is cut into shards: S consecutive ranges on the boundaries of the
/// 256-parameter norm blocks (B6), as equal as whole blocks allow. Where there are fewer blocks than
/// shards were asked for, there are as many shards as blocks: a shard is never empty.
/// </summary>
public sealed class ShardLayout
{
    /// <param name="parameterCount">Of the whole model.</param>
    /// <param name="requested">The shards asked for; <see cref="Count"/> tells how many there are.</param>
    public ShardLayout(int parameterCount, int requested)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parameterCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requested);
        ParameterCount = parameterCount;
        BlockCount = NormBlocks.Count(parameterCount);
        Count = Math.Min(requested, BlockCount);
    }

    public int ParameterCount { get; }

    /// <summary>Shards, each of at least one block.</summary>
    public int Count { get; }

    /// <summary>Norm blocks that hold parameters; the last may be partial.</summary>
    public int BlockCount { get; }

    public ParameterRange Range(int shard)
    {
        var first = FirstBlock(shard) * NormBlocks.BlockSize;
        var end = (int)Math.Min((long)FirstBlock(shard + 1) * NormBlocks.BlockSize, ParameterCount);
        return new ParameterRange(first, end - first);
    }

    /// <summary>The shard that holds a parameter.</summary>
    public int ShardOf(int parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, ParameterCount);

        // The largest s with ⌊s·N/S⌋ ≤ block.
        var block = parameter / NormBlocks.BlockSize;
        return (int)(((((long)block + 1) * Count) - 1) / BlockCount);
    }

    private int FirstBlock(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shard, Count);
        return (int)((long)shard * BlockCount / Count);
    }
}
