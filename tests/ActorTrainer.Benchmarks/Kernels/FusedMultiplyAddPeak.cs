using System.Diagnostics;
using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Kernels;

/// <summary>
/// What the core can do at most: twelve independent chains of fused multiply-adds in registers, no memory.
/// Everything else is given as a share of it.
/// </summary>
internal static class FusedMultiplyAddPeak<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int Rounds = 1000;
    private const int Chains = 12;

    /// <summary>GFLOP/s, an addition and a multiplication counted as two.</summary>
    public static double Measure()
    {
        var kept = TVector.Zero;
        var result = Measurement.Of(() => kept += Loop(Rounds));
        GC.KeepAlive(kept);
        return 2.0 * Rounds * Chains * TVector.Count / result.Best * 1e-9;
    }

    /// <summary>GFLOP/s of some hundred microseconds.</summary>
    public static double Piece()
    {
        const int PieceRounds = 20 * Rounds;
        var start = Stopwatch.GetTimestamp();
        var kept = Loop(PieceRounds);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.KeepAlive(kept);
        return 2.0 * PieceRounds * Chains * TVector.Count / seconds * 1e-9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector Loop(int rounds)
    {
        var (x, y) = (TVector.Create(1.0001f), TVector.Create(0.9999f));
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (; rounds > 0; rounds--)
        {
            a = TVector.FusedMultiplyAdd(x, y, a);
            b = TVector.FusedMultiplyAdd(x, y, b);
            c = TVector.FusedMultiplyAdd(x, y, c);
            d = TVector.FusedMultiplyAdd(x, y, d);
            e = TVector.FusedMultiplyAdd(x, y, e);
            f = TVector.FusedMultiplyAdd(x, y, f);
            g = TVector.FusedMultiplyAdd(x, y, g);
            h = TVector.FusedMultiplyAdd(x, y, h);
            i = TVector.FusedMultiplyAdd(x, y, i);
            j = TVector.FusedMultiplyAdd(x, y, j);
            k = TVector.FusedMultiplyAdd(x, y, k);
            l = TVector.FusedMultiplyAdd(x, y, l);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
