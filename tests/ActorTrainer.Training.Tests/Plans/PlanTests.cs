using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class PlanTests
{
    /// <summary>The plan as a walk: what the arithmetic must agree with.</summary>
    private static List<PlanItem> Walk(long steps, long interval, long batches)
    {
        var items = new List<PlanItem>();
        for (var step = 0L; step < steps; step++)
        {
            items.Add(new PlanItem(items.Count, ItemKind.Train, step, 0));
            var done = step + 1;
            if (done == steps || (interval > 0 && done % interval == 0))
            {
                for (var batch = 0L; batch < batches; batch++)
                {
                    items.Add(new PlanItem(items.Count, ItemKind.Validate, done, batch));
                }
            }
        }

        return items;
    }

    [Fact]
    public void Agrees_with_a_walk_along_the_run_for_every_small_size()
    {
        for (var steps = 1; steps <= 13; steps++)
        {
            for (var interval = 0; interval <= 15; interval++)
            {
                for (var batches = 0; batches <= 4; batches++)
                {
                    var plan = new Plan(steps, interval, batches);
                    var expected = Walk(steps, interval, batches);

                    Assert.Equal(expected, Enumerable.Range(0, (int)plan.Items).Select(item => plan[item]));
                    Assert.Equal(expected.Count(item => item.ValidationBatch == 0 && !item.IsTraining), batches == 0 ? 0 : plan.Validations);
                }
            }
        }
    }

    [Fact]
    public void Knows_each_items_predecessor_in_its_stream_of_carried_state()
    {
        var plan = new Plan(7, 3, 2);
        var lastTraining = (long?)null;
        for (var number = 0L; number < plan.Items; number++)
        {
            var item = plan[number];
            if (item.IsTraining)
            {
                Assert.Equal(lastTraining, plan.PreviousOfStream(item));
                Assert.Equal(number, plan.ItemOfStep(item.Step));
                lastTraining = number;
            }
            else
            {
                Assert.Equal(item.ValidationBatch == 0 ? null : number - 1, plan.PreviousOfStream(item));
            }
        }
    }

    [Fact]
    public void Counts_the_steps_that_are_applied_after_so_many_items()
    {
        var plan = new Plan(5, 2, 3);
        var applied = 0L;
        for (var items = 0L; items <= plan.Items; items++)
        {
            Assert.Equal(applied, plan.StepsAfter(items));
            if (items < plan.Items)
            {
                Assert.Equal(applied, plan[items].Version);
                applied += plan[items].IsTraining ? 1 : 0;
                Assert.Equal(applied, plan[items].VersionAfter);
            }
        }
    }

    [Fact]
    public void Validates_once_at_the_end_when_the_interval_divides_the_steps()
    {
        var plan = new Plan(500, 250, 4);

        Assert.Equal(2, plan.Validations);
        Assert.Equal(508, plan.Items);
        Assert.True(plan.EndsValidation(plan[507]));
        Assert.True(plan.IsLast(plan[507]));
        Assert.False(plan.IsLast(plan[506]));
    }

    [Fact]
    public void Is_exact_for_the_longest_run_there_may_be()
    {
        var plan = new Plan(1L << 40, 1, 1000);

        var last = plan[plan.Items - 1];

        Assert.Equal(new PlanItem(plan.Items - 1, ItemKind.Validate, 1L << 40, 999), last);
        Assert.Equal(plan.Items - 1001, plan.ItemOfStep((1L << 40) - 1));
    }

    [Fact]
    public void Refuses_a_run_of_more_items_than_can_be_numbered() =>
        Assert.Throws<OverflowException>(() => new Plan(1L << 40, 1, 1L << 40));

    [Fact]
    public void Refuses_items_outside_the_plan()
    {
        var plan = new Plan(3, 0, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => plan[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.ItemOfStep(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.StepsAfter(5));
    }
}
