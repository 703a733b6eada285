using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class CommitDecisionTests
{
    private static LossSums Weight(double weight) => new(1, weight, 0, 1, 0);

    [Fact]
    public void Divides_by_the_weight_and_clips_the_mean_gradient()
    {
        Assert.Equal(new CommitDecision(2.5, 0.25f), CommitDecision.Of(100, Weight(4), null));
        Assert.Equal(new CommitDecision(2.5, 0.25f), CommitDecision.Of(100, Weight(4), 3));
        Assert.Equal(new CommitDecision(2.5, (float)(1 / (2.5 + 1e-6) / 4)), CommitDecision.Of(100, Weight(4), 1));
    }

    [Fact]
    public void Moves_nothing_where_there_is_no_target() =>
        Assert.Equal(new CommitDecision(0, 0), CommitDecision.Of(0, Weight(0), 1));

    [Fact]
    public void An_item_is_late_after_a_minute_and_later_after_three_medians_but_at_least_a_second()
    {
        var deadline = new StepDeadline(ticksPerSecond: 10);
        Assert.Equal(600, TicksUntilLate());
        foreach (var ticks in (int[])[5, 1, 9, 7, 5])
        {
            deadline.Begin(measure: false);
            for (var i = 0; i < ticks; i++)
            {
                deadline.Tick();
            }

            deadline.Begin(measure: true);
        }

        Assert.Equal(15, TicksUntilLate());

        int TicksUntilLate()
        {
            var ticks = 1;
            while (!deadline.Tick())
            {
                ticks++;
            }

            deadline.Begin(measure: false);
            return ticks;
        }
    }
}
