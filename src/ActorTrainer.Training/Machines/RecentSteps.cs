using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The sums of the last training steps, and of the validation that is under way. A function of the item:
/// added in order, and carried through checkpoints.
/// </summary>
internal sealed class RecentSteps
{
    private const int Steps = 32;

    private readonly Queue<LossSums> _steps = new();
    private LossSums _validation;

    public IReadOnlyList<LossSums> Last => [.. _steps];

    public void Load(IEnumerable<LossSums> steps)
    {
        foreach (var sums in steps)
        {
            Step(sums);
        }
    }

    /// <summary>Adds a step; returns the sum over the last ones.</summary>
    public LossSums Step(LossSums sums)
    {
        _validation = default;
        _steps.Enqueue(sums);
        if (_steps.Count > Steps)
        {
            _steps.Dequeue();
        }

        var total = default(LossSums);
        foreach (var step in _steps)
        {
            total += step;
        }

        return total;
    }

    /// <summary>Adds a batch; returns the sum over this validation so far.</summary>
    public LossSums Batch(LossSums sums, bool isFirst) => _validation = isFirst ? sums : _validation + sums;
}
