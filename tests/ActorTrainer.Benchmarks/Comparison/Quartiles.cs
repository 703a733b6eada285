namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>Median and quartiles of some measured values.</summary>
internal readonly record struct Quartiles(double First, double Median, double Third)
{
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(At(0.25), At(0.5), At(0.75));

        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
            return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
        }
    }
}
