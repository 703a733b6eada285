using System.Runtime.CompilerServices;

namespace ActorTrainer.Cluster.Compute;

/// <summary>Whether a thread computes with numbers below the smallest normal one, as every result assumes (B12).</summary>
internal static class Subnormals
{
    private const float SmallestNormal = 1.17549435E-38f;

    /// <exception cref="InvalidOperationException">Some library switched them off: this thread must not compute.</exception>
    public static void RequireOnThisThread()
    {
        if (Half(SmallestNormal) == 0f || Double(float.Epsilon) == 0f)
        {
            throw new InvalidOperationException(
                "Subnormal numbers are flushed to zero on this thread; its results would differ from those of other machines.");
        }
    }

    // Not inlined, so that the processor computes it and not the compiler.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static float Half(float x) => x * 0.5f;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static float Double(float x) => x + x;
}
