using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>What is allowed but probably not meant.</summary>
internal static class JobRemarks
{
    public static ImmutableArray<string> Of(JobSpec spec)
    {
        var (recipe, placement) = spec;
        var remarks = ImmutableArray.CreateBuilder<string>();
        if (placement.Workers > recipe.Lanes)
        {
            remarks.Add(
                $"placement.workers is {placement.Workers}, but the recipe has {Count(recipe.Lanes, "lane")}: "
                + $"{Count(placement.Workers - recipe.Lanes, "worker")} would have nothing to do. "
                + $"recipe.lanes={PowerOfTwoFrom(placement.Workers)} would give each some, and would be another recipe with another result.");
        }

        if (recipe.Training.BatchSize < recipe.Lanes)
        {
            remarks.Add(
                $"recipe.training.batch_size is {recipe.Training.BatchSize}, but the recipe has {Count(recipe.Lanes, "lane")}: "
                + $"{Count(recipe.Lanes - recipe.Training.BatchSize, "lane")} would be empty, and at most "
                + $"{Count(recipe.Training.BatchSize, "worker")} would have something to do.");
        }

        if (!recipe.Model.Layers.Any(layer => layer is LayerSpec.Lstm or LayerSpec.Elman or LayerSpec.Gru) && recipe.Data is not DataRecipe.Images { Layout: ImageLayout.Flat })
        {
            remarks.Add("recipe.model.layers has no recurrent layer: every time step is seen by itself, without what came before.");
        }

        if (!HasValidation(recipe.Data))
        {
            remarks.Add("The data leaves nothing to validate on: there will be no validation loss.");
        }

        return remarks.ToImmutable();
    }

    private static bool HasValidation(DataRecipe data) => data is not (
        DataRecipe.Text { ValidationFraction: 0 }
        or DataRecipe.BinaryAddition { ValidationSamples: 0 }
        or DataRecipe.Lines { ValidationFraction: 0 }
        or DataRecipe.Forecast { ValidationFraction: 0 }
        or DataRecipe.Sequences { ValidationFraction: 0, ValidationSha256: null }
        or DataRecipe.Images { ValidationImagesSha256: null }
        or DataRecipe.AddingProblem { ValidationSamples: 0 }
        or DataRecipe.CopyMemory { ValidationSamples: 0 }
        or DataRecipe.SineMixture { ValidationSamples: 0 });

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    private static int PowerOfTwoFrom(int workers)
    {
        var lanes = 1;
        while (lanes < workers && lanes < RecipeLimits.MaxLanes)
        {
            lanes *= 2;
        }

        return lanes;
    }
}
