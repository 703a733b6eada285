using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tests.Machines;

namespace ActorTrainer.Training.Tests.Recipes;

public sealed class DefaultCheckpointIntervalTests
{
    private static int Of(int units)
    {
        var run = new MachineFixture().Run;
        var recipe = run.Recipe with { Model = run.Recipe.Model with { Layers = [new LayerSpec.Lstm(units, 1, new Initializer.Xavier())] } };
        return DefaultCheckpointInterval.Of(new TrainingRun(recipe, run.Data));
    }

    [Fact]
    public void Is_a_hundred_steps_where_a_step_takes_its_time() => Assert.Equal(100, Of(2_000));

    /// <summary>Two seconds at the 50 µs that a step takes at least.</summary>
    [Fact]
    public void Is_many_steps_where_a_step_is_soon_over() => Assert.InRange(Of(4), 30_000, 40_000);

    [Fact]
    public void Grows_as_the_model_shrinks()
    {
        int[] intervals = [.. new[] { 1_024, 256, 64, 16 }.Select(Of)];

        Assert.Equal(intervals.Order(), intervals);
        Assert.All(intervals, interval => Assert.Equal(0, interval % 100));
    }
}
