using System.Diagnostics;
using ActorTrainer.Benchmarks.Kernels;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>What the core can do at most, at the moment: some milliseconds of fused multiply-adds before each pair.</summary>
internal static class PeakBurst
{
    private const double Seconds = 0.05;

    /// <summary>GFLOP/s of the best of the burst's pieces, at the widest vectors.</summary>
    public static double Run() => VectorWidths.Widest switch
    {
        VectorWidth.Bits512 => Run<V512>(),
        VectorWidth.Bits256 => Run<V256>(),
        _ => Run<V128>(),
    };

    private static double Run<TVector>()
        where TVector : unmanaged, IVector<TVector>
    {
        var (best, begin) = (0.0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds)
        {
            best = Math.Max(best, FusedMultiplyAddPeak<TVector>.Piece());
        }

        return best;
    }
}
