namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>What was measured within one pair, in seconds a step.</summary>
/// <param name="Bare1">A gradient by one thread: 1 / P₁.</param>
/// <param name="Bare2">The same by two threads: 1 / P₂.</param>
/// <param name="BareStep">A whole step of one thread.</param>
/// <param name="Cluster1">A step of one worker in the cluster: t₁.</param>
/// <param name="Cluster2">A step of two workers in the cluster: t₂.</param>
/// <param name="Neighbours">What other processes took of the machine meanwhile, 0 to 1.</param>
internal readonly record struct DistributionPair(
    double Bare1, double Bare2, double BareStep, double Cluster1, double Cluster2, double Neighbours)
{
    /// <summary>Whether the machine was this benchmark's own.</summary>
    public bool Counts => Neighbours <= Distribution.Neighbours.Tolerated;

    /// <summary>P₁/P₂: what two threads make of a step at best.</summary>
    public double BareRatio => Bare2 / Bare1;

    /// <summary>t₂/t₁.</summary>
    public double ClusterRatio => Cluster2 / Cluster1;

    /// <summary>(t₂/t₁) / (P₁/P₂), which is to be at most <see cref="DistributionVerdict.MostForTwo"/>.</summary>
    public double CostOfTwo => ClusterRatio / BareRatio;

    /// <summary>One worker in the cluster against the bare step, at most <see cref="DistributionVerdict.MostForOne"/>.</summary>
    public double CostOfOne => Cluster1 / BareStep;
}
