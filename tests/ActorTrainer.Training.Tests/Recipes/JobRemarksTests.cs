using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Recipes;

public sealed class JobRemarksTests
{
    [Fact]
    public void Are_none_for_an_ordinary_job() => Assert.Empty(RecipeValidation.Remarks(SampleJobs.Text));

    [Fact]
    public void Say_what_would_change_when_there_are_more_workers_than_lanes() => Assert.Equal(
        "placement.workers is 9, but the recipe has 8 lanes: 1 worker would have nothing to do. "
        + "recipe.lanes=16 would give each some, and would be another recipe with another result.",
        Assert.Single(RecipeValidation.Remarks(SampleJobs.Text.WithPlacement(placement => placement with { Workers = 9 }))));

    [Fact]
    public void Say_that_lanes_are_empty_when_a_batch_has_fewer_rows() => Assert.Equal(
        "recipe.training.batch_size is 5, but the recipe has 8 lanes: 3 lanes would be empty, and at most 5 workers would have something to do.",
        Assert.Single(RecipeValidation.Remarks(SampleJobs.Text.WithTraining(training => training with { BatchSize = 5 }))));

    [Fact]
    public void Are_none_for_the_everyday_family_but_that_flat_pictures_and_dense_layers_go_together()
    {
        Assert.All(EverydayJobs.All, spec => Assert.Empty(RecipeValidation.Remarks(spec)));
        Assert.Contains(
            "no recurrent layer",
            Assert.Single(RecipeValidation.Remarks(EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { Layout = ImageLayout.Rows }))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Know_a_GRU_as_a_layer_that_remembers() => Assert.Empty(
        RecipeValidation.Remarks(EverydayJobs.Adding.WithLayers(new LayerSpec.Gru(8, GruReset.Before, new Initializer.Xavier()))));

    [Fact]
    public void Say_of_every_kind_of_data_that_it_leaves_nothing_to_validate_on()
    {
        var unvalidated = new[]
        {
            EverydayJobs.Lines.WithData<DataRecipe.Lines>(data => data with { ValidationFraction = 0 }),
            EverydayJobs.Forecast.WithData<DataRecipe.Forecast>(data => data with { ValidationFraction = 0 }),
            EverydayJobs.Sequences.WithData<DataRecipe.Sequences>(data => data with { ValidationSha256 = null }),
            EverydayJobs.JsonLines.WithData<DataRecipe.Sequences>(data => data with { ValidationFraction = 0 }),
            EverydayJobs.Images.WithData<DataRecipe.Images>(data => data with { ValidationImagesSha256 = null, ValidationLabelsSha256 = null }),
            EverydayJobs.Adding.WithData<DataRecipe.AddingProblem>(data => data with { ValidationSamples = 0 }),
            EverydayJobs.Copy.WithData<DataRecipe.CopyMemory>(data => data with { ValidationSamples = 0 }),
            EverydayJobs.Sine.WithData<DataRecipe.SineMixture>(data => data with { ValidationSamples = 0 }),
        };

        Assert.All(unvalidated, spec => Assert.Equal(
            "The data leaves nothing to validate on: there will be no validation loss.", Assert.Single(RecipeValidation.Remarks(spec))));
    }

    [Fact]
    public void Say_that_nothing_is_remembered_and_nothing_validated() => Assert.Equal(
        2,
        RecipeValidation.Remarks(SampleJobs.Text
            .WithLayers(new LayerSpec.Dense(8, Activation.Tanh, new Initializer.Xavier(), 0))
            .With(recipe => recipe with { Data = new DataRecipe.Text(new string('0', 64), 64, 0) })).Length);
}
