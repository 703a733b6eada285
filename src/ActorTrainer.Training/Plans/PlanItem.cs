namespace ActorTrainer.Training.Plans;

public enum ItemKind
{
    /// <summary>A training step: moves the weights by one version.</summary>
    Train,

    /// <summary>A validation batch: commits sums and its own carried state, no weights.</summary>
    Validate,
}

/// <summary>
/// Carried states form two streams that never meet (B10): training's survives the validations that
/// stand between two steps.
/// </summary>
public enum StateStream
{
    Training,
    Validation,
}

/// <summary>One item of a plan (P14).</summary>
/// <param name="Number">From 0 along the plan.</param>
/// <param name="Step">
/// Training steps applied before the item: the version of the weights that it reads, and for a training
/// item the index, from 0, of the step that it makes.
/// </param>
/// <param name="ValidationBatch">From 0 within one validation; 0 for a training item.</param>
public readonly record struct PlanItem(long Number, ItemKind Kind, long Step, long ValidationBatch)
{
    public bool IsTraining => Kind == ItemKind.Train;

    /// <summary>The version of the weights that every computation of the item reads.</summary>
    public long Version => Step;

    /// <summary>Training steps applied once the item is committed.</summary>
    public long VersionAfter => IsTraining ? Step + 1 : Step;

    /// <summary>Whose carried state the item reads and replaces.</summary>
    public StateStream StateStream => IsTraining ? StateStream.Training : StateStream.Validation;
}
