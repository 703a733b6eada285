namespace ActorTrainer.Training.Recipes;

/// <summary>One thing that is wrong in a job, so that a person can mend it without reading anything else.</summary>
/// <param name="Field">Path as in the API and the job file, e.g. <c>recipe.model.layers[1].lstm.units</c>.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Allowed">What may stand there.</param>
/// <param name="Nearest">What was probably meant, if something is near.</param>
public sealed record FieldViolation(string Field, string Found, string Allowed, string? Nearest = null)
{
    /// <summary>Found and allowed as one sentence without the field's name.</summary>
    public string Description => Nearest is null
        ? $"found {Found}; allowed: {Allowed}"
        : $"found {Found}; allowed: {Allowed}; did you mean {Nearest}?";

    public override string ToString() => $"{Field}: {Description}";
}
