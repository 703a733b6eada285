using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What follows from an item's reports (P4): the factor of B5 and B6, in double but for one cast. A
/// function of its arguments alone.
/// </summary>
/// <param name="Norm">Of the mean gradient, before clipping.</param>
/// <param name="Factor">(float)(scale / N); 0 when there is no target (N = 0): nothing moves but the version.</param>
internal readonly record struct CommitDecision(double Norm, float Factor)
{
    /// <param name="squares">Sum of squares of the raw gradient; finite exactly when all of it is (P4).</param>
    /// <param name="sums">Of the item.</param>
    /// <param name="clipNorm">Largest norm, or null.</param>
    public static CommitDecision Of(double squares, LossSums sums, double? clipNorm)
    {
        if (sums.Weight == 0)
        {
            return new CommitDecision(0, 0);
        }

        var norm = Math.Sqrt(squares) / sums.Weight;
        var scale = clipNorm is { } clip ? Math.Min(1, clip / (norm + 1e-6)) : 1;
        return new CommitDecision(norm, (float)(scale / sums.Weight));
    }
}
