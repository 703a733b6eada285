using System.Diagnostics;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>
/// Two sides that take turns, step by step: never both at once, a burst of the peak before each pair, and who
/// begins changes from pair to pair.
/// </summary>
internal static class StepComparison
{
    private const double WarmUpSeconds = 1;
    private const int LeastWarmUpSteps = 5;

    /// <param name="ours">Does one step and says its seconds.</param>
    /// <param name="peers">The other side; null: there is none.</param>
    /// <param name="turn">
    /// Steps that a side takes in its turn, of which the last counts. With one, a small model's step finds the other
    /// side's memory in the caches.
    /// </param>
    public static List<ComparisonPair> Run(Func<double> ours, Func<double>? peers, int pairs, int turn)
    {
        WarmUp(ours);
        if (peers is not null)
        {
            WarmUp(peers);
        }

        var measured = new List<ComparisonPair>(pairs);
        for (var i = 0; i < pairs; i++)
        {
            var (peak, first) = (PeakBurst.Run(), i % 2 == 0 ? Turn(ours, turn) : double.NaN);
            var peer = peers is null ? double.NaN : Turn(peers, turn);
            measured.Add(new(i % 2 == 0 ? first : Turn(ours, turn), peer, peak));
        }

        return measured;
    }

    private static double Turn(Func<double> side, int steps)
    {
        for (var i = 1; i < steps; i++)
        {
            _ = side();
        }

        return side();
    }

    private static void WarmUp(Func<double> side)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < LeastWarmUpSteps || Stopwatch.GetElapsedTime(begin).TotalSeconds < WarmUpSeconds; i++)
        {
            _ = side();
        }
    }
}
