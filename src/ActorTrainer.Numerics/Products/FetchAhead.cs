namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Memory that a tile fetches for those after it: one line from <paramref name="first"/> on at each step of
/// its chain, when its own loads and the multiply-adds leave the load ports idle.
/// </summary>
/// <param name="step">Floats from a step's address to the next.</param>
internal readonly unsafe struct FetchAhead(float* first, nint step)
{
    public float* First { get; } = first;

    public nint Step { get; } = step;

    /// <summary>Whether it is the panel that the tile itself reads, some rows ahead: both lines of each.</summary>
    public bool IsPanel { get; private init; }

    /// <summary>Rows of a panel from <paramref name="first"/> on.</summary>
    public static FetchAhead Stream(float* first) => new(first, PackedMatrix.PanelWidth) { IsPanel = true };
}
