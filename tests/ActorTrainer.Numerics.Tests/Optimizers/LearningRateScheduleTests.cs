using ActorTrainer.Numerics.Optimizers;

namespace ActorTrainer.Numerics.Tests.Optimizers;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Grows_linearly_over_the_warm_up_and_then_stays()
    {
        var schedule = new LearningRateSchedule(0.4, LearningRateShape.Constant, WarmupSteps: 4, Final: 0, Steps: 100);

        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.4, 0.4], Enumerable.Range(0, 6).Select(step => schedule.At(step)), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Comes_down_along_a_cosine_after_the_warm_up()
    {
        var schedule = new LearningRateSchedule(1.0, LearningRateShape.Cosine, WarmupSteps: 10, Final: 0.1, Steps: 110);

        for (var step = 10; step < 110; step++)
        {
            var expected = 0.1 + (0.9 * 0.5 * (1 + Math.Cos(Math.PI * (step - 10) / 100)));
            Assert.Equal(expected, schedule.At(step), 1e-15);
        }

        Assert.Equal(1.0, schedule.At(10));
        Assert.Equal(0.55, schedule.At(60), 1e-15);
        Assert.Equal(0.1, schedule.At(110));
        Assert.Equal(0.1, schedule.At(100_000));
    }

    [Fact]
    public void Knows_a_run_that_is_all_warm_up()
    {
        var schedule = new LearningRateSchedule(1.0, LearningRateShape.Cosine, WarmupSteps: 2, Final: 0.1, Steps: 2);

        Assert.Equal([0.5, 1.0, 0.1], [schedule.At(0), schedule.At(1), schedule.At(2)]);
    }
}
