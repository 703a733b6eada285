using ActorTrainer.Numerics.Products;

namespace ActorTrainer.Numerics.Networks;

/// <summary>What enters a layer over all time steps: rows of floats, or symbols.</summary>
/// <param name="symbols">[time × rows], or null.</param>
/// <param name="values">[time × rows × stride], or null.</param>
internal readonly unsafe struct LayerInput(int* symbols, float* values, nint stride)
{
    public int* Symbols { get; } = symbols;

    public float* Values { get; } = values;

    public nint Stride { get; } = stride;

    /// <summary>As the left side of weight gradients.</summary>
    public TimeMajor Over(int rows) => new(Values, Stride, rows * Stride);
}
