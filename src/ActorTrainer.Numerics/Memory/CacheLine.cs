using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics.Memory;

/// <summary>Asks for memory before it is needed. It moves no bit and reads no value, so any address will do.</summary>
internal static unsafe class CacheLine
{
    public const int Floats = AlignedBuffer.Alignment / sizeof(float);

    /// <summary>Fetches the line of an address into the first cache, where the machine can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
