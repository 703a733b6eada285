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
}
