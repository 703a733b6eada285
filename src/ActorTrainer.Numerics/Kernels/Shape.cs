namespace ActorTrainer.Numerics.Kernels;

/// <summary>Checks at the door of a kernel.</summary>
internal static class Shape
{
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void RequireSameLength(int x, int y, string nameOfX, string nameOfY)
    {
        if (x != y)
        {
            throw new ArgumentException($"{nameOfX} has {x} elements and {nameOfY} has {y}; they must have the same length");
        }
    }
}
