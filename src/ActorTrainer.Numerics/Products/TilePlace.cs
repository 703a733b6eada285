namespace ActorTrainer.Numerics.Products;

/// <summary>Where the sums of a tile go: its left and its right vectors of columns, input after input.</summary>
internal readonly unsafe struct TilePlace(float* left, float* right, nint stride)
{
    public float* Left { get; } = left;

    public float* Right { get; } = right;

    /// <summary>Floats from an input to the next.</summary>
    public nint Stride { get; } = stride;
}
