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

    [Fact]
    public void Drops_by_a_factor_every_so_many_steps_after_the_warm_up()
    {
        var schedule = new LearningRateSchedule(0.8, LearningRateShape.Step, WarmupSteps: 2, Final: 0, Steps: 100) { StepEvery = 3, StepFactor = 0.5 };

        Assert.Equal([0.4, 0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1], Enumerable.Range(0, 12).Select(step => schedule.At(step)));
    }

    [Fact]
    public void Powers_are_products_of_squares_lowest_first()
    {
        var schedule = new LearningRateSchedule(0.3, LearningRateShape.Step, WarmupSteps: 0, Final: 0, Steps: 0) { StepEvery = 1, StepFactor = 0.9 };
        const double P = 0.9;
        const double P2 = P * P;
        const double P4 = P2 * P2;

        Assert.Equal([0.3, 0.3 * P, 0.3 * P2, 0.3 * (P * P2), 0.3 * P4, 0.3 * (P * P4)], Enumerable.Range(0, 6).Select(step => schedule.At(step)));
        for (var step = 0; step < 1000; step += 37)
        {
            Assert.Equal(0.3 * Math.Pow(0.9, step), schedule.At(step), 1e-12 * schedule.At(step));
        }

        Assert.Equal(0, schedule.At(long.MaxValue));
        Assert.Equal(0.3, (schedule with { StepFactor = 1 }).At(long.MaxValue));
    }

    [Fact]
    public void Refuses_to_drop_every_zero_steps()
    {
        var schedule = new LearningRateSchedule(1, LearningRateShape.Step, 0, 0, 10) { StepEvery = 0 };

        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.At(3));
    }
}
