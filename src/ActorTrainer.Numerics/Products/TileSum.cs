namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Where the sums of a tile start and where they go, [inputs × 32] each. The row before the first input
/// is the bias, which the first strip of inputs sums too.
/// </summary>
internal readonly unsafe struct TileSum(float* start, nint startStride, float* place, int folds, nint foldStride)
{
    /// <summary>Where the chains stand: the sums of the lane's rows so far, or zeros.</summary>
    public float* Start { get; } = start;

    /// <summary>Floats from an input to the next; 0 for zeros.</summary>
    public nint StartStride { get; } = startStride;

    /// <summary>The lane's leaf on the stack of the lane tree.</summary>
    public float* Place { get; } = place;

    /// <summary>Nodes of the lane tree that the leaf completes; the sums go to the place of the last.</summary>
    public int Folds { get; } = folds;

    /// <summary>Floats from a node on the stack to the next.</summary>
    public nint FoldStride { get; } = foldStride;

    /// <summary>The same for the inputs from <paramref name="input"/> on.</summary>
    public TileSum Inputs(int input) =>
        new(Start + (input * StartStride), StartStride, Place + (input * PackedMatrix.PanelWidth), Folds, FoldStride);
}
