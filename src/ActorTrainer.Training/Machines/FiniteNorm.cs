using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// P11: judges the norm of a step that may have been computed more than once. Not finite the first time:
/// computed again. With the same bits: the data's fault, or the recipe's, which no further attempt would
/// change. With other bits that are not finite either: tried once more.
/// </summary>
/// <remarks>
/// NaN equals NaN here, whatever its payload, which alone of all bits may follow the order of arrival.
/// </remarks>
internal sealed class FiniteNorm
{
    /// <summary>How often a step is computed at most.</summary>
    public const int MaximumAttempts = 3;

    private double[] _before = [];
    private int _failed;

    /// <summary>Why the step is given up; null unless the last verdict was that.</summary>
    public string? Reason { get; private set; }

    /// <summary>Judges the squares of a step's whole tree.</summary>
    /// <param name="step">Its number, from 1, for the reason.</param>
    /// <param name="total">Σ of the squares; finite exactly when all of the gradient is (P4).</param>
    public Verdict Judge(long step, NormSubtree[] squares, double total)
    {
        if (double.IsFinite(total))
        {
            var isOther = _failed > 0;
            (_failed, _before) = (0, []);
            return isOther ? Verdict.FiniteNow : Verdict.Finite;
        }

        double[] now = [.. squares.Select(subtree => subtree.Squares)];
        _failed++;
        if (now.SequenceEqual(_before))
        {
            Reason = $"the gradient of step {step} is not finite; it was computed again, to the same bits";
            return Verdict.GivenUp;
        }

        if (_failed == MaximumAttempts)
        {
            Reason = $"the gradient of step {step} is not finite; it was computed {MaximumAttempts} times, each time to other bits: a node computes wrongly";
            return Verdict.GivenUp;
        }

        _before = now;
        return Verdict.Again;
    }

    internal enum Verdict
    {
        Finite,

        /// <summary>It was not, the last time: a node has computed wrongly.</summary>
        FiniteNow,

        /// <summary>The step is to be computed again.</summary>
        Again,

        GivenUp,
    }
}
