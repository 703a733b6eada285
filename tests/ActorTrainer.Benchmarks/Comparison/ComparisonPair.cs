namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>One step of each side, and the peak right before.</summary>
/// <param name="OursSeconds">Our step.</param>
/// <param name="PeerSeconds">The peer's; NaN: there is none.</param>
/// <param name="PeakGflops">Of the burst before the pair.</param>
internal readonly record struct ComparisonPair(double OursSeconds, double PeerSeconds, double PeakGflops)
{
    public double Ratio => OursSeconds / PeerSeconds;
}
