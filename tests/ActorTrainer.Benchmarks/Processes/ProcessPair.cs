namespace ActorTrainer.Benchmarks.Processes;

/// <summary>What was measured within one pair, in seconds a step.</summary>
/// <param name="Bare1">One bare process with all lanes.</param>
/// <param name="Bare2">Two bare processes with half the lanes each.</param>
/// <param name="Cluster1">A server process and one worker process.</param>
/// <param name="Cluster2">A server process and two worker processes.</param>
/// <param name="Neighbours">What other processes took of the machine meanwhile, 0 to 1.</param>
internal readonly record struct ProcessPair(double Bare1, double Bare2, double Cluster1, double Cluster2, double Neighbours)
{
    /// <summary>Least ratio of the speed-ups.</summary>
    public const double Goal = 0.93;

    /// <summary>Whether the machine was this benchmark's own.</summary>
    public bool Counts => Neighbours <= Distribution.Neighbours.Tolerated;

    public double BareSpeedUp => Bare1 / Bare2;

    public double ClusterSpeedUp => Cluster1 / Cluster2;

    /// <summary>What is left of the bare speed-up.</summary>
    public double Ratio => ClusterSpeedUp / BareSpeedUp;
}
