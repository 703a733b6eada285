using System.Collections.Immutable;

namespace ActorTrainer.Training.Recipes;

/// <summary>
/// Holds a job to what can be run: every fault at once, each with its path, what was found and what is
/// allowed. What only the data can tell is left to <see cref="CheckWithData"/>.
/// </summary>
public static class RecipeValidation
{
    /// <summary>All faults of a job; empty: it can be submitted.</summary>
    public static ImmutableArray<FieldViolation> Check(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var violations = new ViolationList();
        CheckRecipe(spec.Recipe, violations);
        PlacementValidation.Check(spec.Placement, violations);
        return violations.ToImmutable();
    }

    /// <summary>All faults of a recipe alone, as it stands in a model file or a checkpoint.</summary>
    public static ImmutableArray<FieldViolation> Check(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var violations = new ViolationList();
        CheckRecipe(recipe, violations);
        return violations.ToImmutable();
    }

    /// <summary>
    /// What is not wrong but worth saying before the job starts, such as workers that would be idle, and
    /// what would change it.
    /// </summary>
    public static ImmutableArray<string> Remarks(JobSpec spec) => JobRemarks.Of(spec);

    /// <summary>
    /// What only the opened data can tell: that a model with this input and output, or its plan, would
    /// be too large. Faults of the data itself (a text too short for its streams) are thrown when it is opened.
    /// </summary>
    /// <param name="inputSize">Symbols of the vocabulary, or features.</param>
    /// <param name="outputs">Width of the output layer.</param>
    /// <param name="validationBatches">Batches of the data's whole validation part.</param>
    public static ImmutableArray<FieldViolation> CheckWithData(Recipe recipe, int inputSize, int outputs, long validationBatches)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var violations = new ViolationList();
        ModelValidation.CheckSize(recipe, inputSize, outputs, violations);
        var training = recipe.Training;
        var batches = training.Validation.Batches == 0 ? validationBatches : Math.Min(training.Validation.Batches, validationBatches);
        var validations = training.Validation.Interval == 0 ? 1 : (training.Steps / training.Validation.Interval) + 1;
        if ((Int128)batches * validations > (1L << 53) - RecipeLimits.MaxSteps)
        {
            violations.Add(
                "recipe.training.validation.interval",
                ViolationList.Text(training.Validation.Interval),
                $"an interval that gives fewer than 2^53 validation batches over {training.Steps} steps; one validation has {batches}");
        }

        return violations.ToImmutable();
    }

    private static void CheckRecipe(Recipe recipe, ViolationList violations)
    {
        if (recipe.Lanes is < 1 or > RecipeLimits.MaxLanes || !int.IsPow2(recipe.Lanes))
        {
            violations.Add("recipe.lanes", ViolationList.Text(recipe.Lanes), $"a power of two from 1 to {RecipeLimits.MaxLanes}");
        }

        CheckData(recipe.Data, violations);
        ModelValidation.Check(recipe, violations);
        TrainingValidation.Check(recipe.Training, violations);

        // A text has two symbols at least; what it really has is known once it is opened.
        if (violations.IsEmpty)
        {
            var (inputSize, outputs) = recipe.Data is DataRecipe.Text ? (2, 2) : (2, 1);
            ModelValidation.CheckSize(recipe, inputSize, outputs, violations);
        }
    }

    private static void CheckData(DataRecipe data, ViolationList violations)
    {
        switch (data)
        {
            case DataRecipe.Text text:
                if (!IsSha256(text.Sha256))
                {
                    violations.Add("recipe.data.text.sha256", ViolationList.Quoted(text.Sha256 ?? ""), "64 lower-case hexadecimal digits");
                }

                violations.Range("recipe.data.text.sequence_length", text.SequenceLength, 1, RecipeLimits.MaxSequenceLength, "time steps");
                violations.Range("recipe.data.text.validation_fraction", text.ValidationFraction, 0, RecipeLimits.MaxValidationFraction);
                break;
            case DataRecipe.BinaryAddition addition:
                violations.Range("recipe.data.binary_addition.bits", addition.Bits, RecipeLimits.MinBits, RecipeLimits.MaxBits);
                violations.Range("recipe.data.binary_addition.validation_bits", addition.ValidationBits, RecipeLimits.MinBits, RecipeLimits.MaxBits);
                violations.Range("recipe.data.binary_addition.validation_samples", addition.ValidationSamples, 0, RecipeLimits.MaxValidationSamples);
                break;
            default:
                violations.Add("recipe.data", "nothing", "text or binary_addition");
                break;
        }
    }

    private static bool IsSha256(string? value) =>
        value is { Length: 64 } && value.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
}
