using ActorTrainer.Training.Machines;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class NodePaceTests
{
    private static NodePace Of(params int[] steps)
    {
        var pace = new NodePace(ticksPerSecond: 10, ticksUnmeasured: 600);
        foreach (var ticks in steps)
        {
            pace.Add(ticks);
        }

        return pace;
    }

    [Theory]
    [InlineData(new int[0], 600)]
    [InlineData(new[] { 50, 50, 50, 50 }, 600)]
    [InlineData(new[] { 5, 1, 9, 7, 5 }, 15)]
    [InlineData(new[] { 0, 0, 0, 0, 0 }, 10)]
    public void A_node_is_late_after_a_minute_and_later_after_three_medians_but_at_least_a_second(int[] steps, int deadline) =>
        Assert.Equal(deadline, Of(steps).Deadline);

    [Fact]
    public void The_usual_time_is_the_median_of_the_last_nine()
    {
        Assert.Null(Of().Usual);
        Assert.Equal(7, Of(7).Usual);
        Assert.Equal(1, Of([.. Enumerable.Repeat(50, 20), .. Enumerable.Repeat(1, 5)]).Usual);
    }
}
