using System.Runtime.CompilerServices;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>
/// Whether the current thread computes with subnormal numbers (B12). A library in the process can switch
/// a thread to flushing them to zero, which would move bits.
/// </summary>
public static class Subnormals
{
    /// <summary>To be called once by every thread that runs kernels.</summary>
    /// <exception cref="InvalidOperationException">The thread flushes subnormal numbers to zero.</exception>
    public static void Require()
    {
        if (!AreOn())
        {
            throw new InvalidOperationException(
                "this thread flushes subnormal numbers to zero; its results would differ from those of other machines");
        }
    }

    public static bool AreOn() =>
        Product(FunctionConstants.SmallestNormal, 0.5f) != 0f && Product(float.Epsilon, 2f) == 2 * float.Epsilon;

    // Not inlined: the compiler would multiply constants itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Product(float a, float b) => a * b;
}
