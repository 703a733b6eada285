namespace ActorTrainer.Training.Plans;

/// <summary>
/// A run as one sequence of items (P14): training steps, and a validation of some batches after every
/// interval of steps and once at the end. Every question is answered by arithmetic, none by a walk.
/// </summary>
/// <remarks>
/// The plan is made of rounds: the interval's steps, then the validation's batches. The last round has
/// the steps that remain, which are all of the interval's when it divides the steps: the validation at
/// the end then is that round's own and does not stand twice.
/// </remarks>
public sealed record Plan
{
    private readonly long _interval;

    /// <param name="steps">Training steps, at least 1.</param>
    /// <param name="validationInterval">Steps between validations; 0: only at the end.</param>
    /// <param name="validationBatches">Batches of one validation; 0: nothing is ever validated.</param>
    /// <exception cref="OverflowException">The plan has 2⁶³ items or more.</exception>
    public Plan(long steps, long validationInterval, long validationBatches)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(validationInterval);
        ArgumentOutOfRangeException.ThrowIfNegative(validationBatches);
        (Steps, ValidationBatches) = (steps, validationBatches);
        _interval = validationInterval == 0 ? steps : Math.Min(validationInterval, steps);
        Validations = validationBatches == 0 ? 0 : ((steps - 1) / _interval) + 1;
        Items = checked(steps + (Validations * validationBatches));
    }

    public long Steps { get; }

    /// <summary>Batches of each validation.</summary>
    public long ValidationBatches { get; }

    /// <summary>How often is validated.</summary>
    public long Validations { get; }

    /// <summary>Items in all; the last has number Items − 1.</summary>
    public long Items { get; }

    /// <summary>The item with a number in [0, Items).</summary>
    public PlanItem this[long number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Items);
            var round = Math.DivRem(number, _interval + ValidationBatches, out var within);
            var firstStep = round * _interval;
            var steps = Math.Min(_interval, Steps - firstStep);
            return within < steps
                ? new PlanItem(number, ItemKind.Train, firstStep + within, 0)
                : new PlanItem(number, ItemKind.Validate, firstStep + steps, within - steps);
        }
    }

    /// <summary>The number of the item that makes training step <paramref name="step"/>, in [0, Steps).</summary>
    public long ItemOfStep(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        return step + (step / _interval * ValidationBatches);
    }

    /// <summary>Training steps applied once <paramref name="items"/> items, in [0, Items], are committed.</summary>
    public long StepsAfter(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        return items == 0 ? 0 : this[items - 1].VersionAfter;
    }

    /// <summary>
    /// The item before this one in its stream of carried state: the training step before, or the batch
    /// before within the same validation. Null for the first step and for the first batch of every
    /// validation, which start from zeros whatever the data says.
    /// </summary>
    public long? PreviousOfStream(PlanItem item) => item switch
    {
        { IsTraining: true, Step: 0 } or { IsTraining: false, ValidationBatch: 0 } => null,
        { IsTraining: true } => ItemOfStep(item.Step - 1),
        _ => item.Number - 1,
    };

    /// <summary>Whether a validation ends with the item.</summary>
    public bool EndsValidation(PlanItem item) => !item.IsTraining && item.ValidationBatch == ValidationBatches - 1;

    public bool IsLast(PlanItem item) => item.Number == Items - 1;
}
