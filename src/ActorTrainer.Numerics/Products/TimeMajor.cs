namespace ActorTrainer.Numerics.Products;

/// <summary>An array [time × rows × width] in memory; the buffer behind it must outlive it.</summary>
/// <param name="values">The first float.</param>
/// <param name="rowStride">Floats from a row to the next.</param>
/// <param name="timeStride">Floats from a time step to the next.</param>
public readonly unsafe struct TimeMajor(float* values, nint rowStride, nint timeStride)
{
    public float* Values { get; } = values;

    public nint RowStride { get; } = rowStride;

    public nint TimeStride { get; } = timeStride;

    internal float* Row(int time, int row) => Values + (time * TimeStride) + (row * RowStride);

    /// <summary>The part that begins at a row of a time step, at one of its columns.</summary>
    internal TimeMajor From(int time, int row, int column) => new(Row(time, row) + column, RowStride, TimeStride);
}
