namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>The medians of all pairs against their bounds.</summary>
/// <param name="CostOfTwo">Median of <see cref="DistributionPair.CostOfTwo"/>.</param>
/// <param name="CostOfOne">Median of <see cref="DistributionPair.CostOfOne"/>.</param>
/// <param name="SmallStepOverheadSeconds">What the cluster adds to a step of the small network, median.</param>
internal sealed record DistributionVerdict(double CostOfTwo, double CostOfOne, double SmallStepOverheadSeconds)
{
    /// <summary>t₂/t₁ ≤ 1.10 × P₁/P₂.</summary>
    public const double MostForTwo = 1.10;

    /// <summary>One worker in the cluster ≤ 1.05 × the bare step.</summary>
    public const double MostForOne = 1.05;

    public bool TwoPass => CostOfTwo <= MostForTwo;

    public bool OnePasses => CostOfOne <= MostForOne;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
