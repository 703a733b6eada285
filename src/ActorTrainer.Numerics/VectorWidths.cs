using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics;

/// <summary>What this machine's vector unit offers. It decides speed, never bits.</summary>
public static class VectorWidths
{
    /// <summary>The widest vectors that the machine computes on at once.</summary>
    public static VectorWidth Widest { get; } =
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : VectorWidth.Bits128;

    /// <summary>
    /// Whether a·b + c with one rounding is an instruction. Without it the runtime computes it in
    /// software: the bits are the same, about a hundred times slower.
    /// </summary>
    public static bool HasFusedMultiplyAdd { get; } = Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    /// <summary>Every width in ascending order; each gives right results on every machine.</summary>
    public static ReadOnlySpan<VectorWidth> All => [VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512];

    /// <summary>One line for the log of a node that starts.</summary>
    public static string Describe() => HasFusedMultiplyAdd
        ? $"{(int)Widest}-bit vectors with fused multiply-add"
        : $"{(int)Widest}-bit vectors without a fused multiply-add instruction: results are the same, computed in software and about a hundred times slower";
}
