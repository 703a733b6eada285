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
    public void Say_that_nothing_is_remembered_and_nothing_validated() => Assert.Equal(
        2,
        RecipeValidation.Remarks(SampleJobs.Text
            .WithLayers(new LayerSpec.Dense(8, Activation.Tanh, new Initializer.Xavier(), 0))
            .With(recipe => recipe with { Data = new DataRecipe.Text(new string('0', 64), 64, 0) })).Length);
}
