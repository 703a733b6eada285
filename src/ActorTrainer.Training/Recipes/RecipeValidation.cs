using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>
/// Holds a job to what can be run: every fault at once, each with its path, what was found and what is
/// allowed. What only the data can tell is left to <see cref="CheckWithData(Recipe, DataShape)"/>.
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
    /// be too large, or does not fit what the files hold. Faults of the data itself (a text too short for its
    /// streams) are thrown when it is opened.
    /// </summary>
    public static ImmutableArray<FieldViolation> CheckWithData(Recipe recipe, DataShape data)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var violations = new ViolationList();
        ModelValidation.CheckWithData(recipe, data, violations);
        ModelValidation.CheckSize(recipe, data.InputSize, data.Outputs, data.MaximumTime, violations);
        TrainingValidation.CheckWithData(recipe.Training, data, violations);
        return violations.ToImmutable();
    }

    /// <summary>As far as widths and batches tell, with everything else as the recipe expects it, and epochs as long as they may be.</summary>
    /// <inheritdoc cref="CheckWithData(Recipe, DataShape)"/>
    public static ImmutableArray<FieldViolation> CheckWithData(Recipe recipe, int inputSize, int outputs, long validationBatches)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return CheckWithData(recipe, Expected(recipe, RecipeNetwork.InputKindOf(recipe.Data), inputSize, outputs, validationBatches));
    }

    /// <summary>What a model's data tells of it without being there: widths, and what a time step is.</summary>
    /// <inheritdoc cref="CheckWithData(Recipe, DataShape)"/>
    public static ImmutableArray<FieldViolation> CheckWithSchema(Recipe recipe, DataSchema schema)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(schema);
        return CheckWithData(recipe, Expected(recipe, schema.Input, schema.InputSize, schema.Outputs, validationBatches: 0));
    }

    private static DataShape Expected(Recipe recipe, InputKind input, int inputSize, int outputs, long validationBatches) => new(
        input,
        inputSize,
        outputs,
        RecipeNetwork.HeadOf(recipe),
        LeastTime(recipe.Data),
        recipe.Training.Epochs > 0 ? RecipeLimits.MaxSteps / recipe.Training.Epochs : 0,
        validationBatches);

    private static void CheckRecipe(Recipe recipe, ViolationList violations)
    {
        if (recipe.Lanes is < 1 or > RecipeLimits.MaxLanes || !int.IsPow2(recipe.Lanes))
        {
            violations.Add("recipe.lanes", ViolationList.Text(recipe.Lanes), $"a power of two from 1 to {RecipeLimits.MaxLanes}");
        }

        DataValidation.Check(recipe.Data, violations);
        ModelValidation.Check(recipe, violations);
        TrainingValidation.Check(recipe, violations);
        if (violations.IsEmpty)
        {
            var (inputSize, outputs) = LeastWidths(recipe.Data);
            ModelValidation.CheckSize(recipe, inputSize, outputs, LeastTime(recipe.Data), violations);
        }
    }

    /// <summary>Widths of input and output as far as the recipe tells: a text has two symbols at least, a picture a pixel.</summary>
    private static (int InputSize, int Outputs) LeastWidths(DataRecipe data) => data switch
    {
        DataRecipe.BinaryAddition => (2, 1),
        DataRecipe.Forecast forecast => (forecast.Targets.Length + forecast.Inputs.Length, forecast.Targets.Length * forecast.Horizon),
        DataRecipe.Sequences sequences => (sequences.Inputs.Length, 1),
        DataRecipe.Images => (1, 1),
        DataRecipe.AddingProblem => (2, 1),
        DataRecipe.CopyMemory copy => (copy.Symbols + 2, copy.Symbols),
        DataRecipe.SineMixture => (1, 1),
        _ => (2, 2),
    };

    /// <summary>Time steps of the longest sequence as far as the recipe tells.</summary>
    private static int LeastTime(DataRecipe data) => data switch
    {
        DataRecipe.Text text => text.SequenceLength,
        DataRecipe.BinaryAddition addition => Math.Max(addition.Bits, addition.ValidationBits),
        DataRecipe.Forecast forecast => forecast.Window,
        DataRecipe.AddingProblem adding => adding.Length,
        DataRecipe.CopyMemory copy => copy.Delay + (2 * copy.Length) + 1,
        DataRecipe.SineMixture sine => sine.Length,
        _ => 1,
    };
}
