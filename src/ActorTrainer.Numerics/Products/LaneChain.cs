using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Products;

/// <summary>The chains of a block's lanes over all time steps (B3), lane after lane.</summary>
/// <param name="first">The lanes that have rows in the batch, ascending; the others of the block are empty.</param>
internal readonly unsafe struct LaneChain(LaneRows* first, int count, LaneBlock block, int time)
{
    public int FirstRow => First < Last ? First->FirstRow : 0;

    public int EndRow => First < Last ? (Last - 1)->EndRow : 0;

    public LaneRows* First { get; } = first;

    public LaneRows* Last { get; } = first + count;

    public LaneBlock Block { get; } = block;

    /// <summary>Time steps, taken from the last to the first.</summary>
    public int Time { get; } = time;

    /// <summary>An array of these rows only, [time × rows × stride], that is indexed like one of the batch's rows.</summary>
    public TimeMajor RowsOf(float* values, int stride) =>
        new(values - ((nint)FirstRow * stride), stride, (nint)(EndRow - FirstRow) * stride);
}
