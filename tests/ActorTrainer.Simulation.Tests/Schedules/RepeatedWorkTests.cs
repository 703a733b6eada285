using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>How much is done again after one fault, where nothing else goes wrong.</summary>
public sealed class RepeatedWorkTests
{
    private const int Interval = 4;

    private static SimWorld World(int number, FaultKind kind, int workers)
    {
        var options = new SimOptions(workers, 1, 1, 2, 3, false, Interval, 0, 0, 0, 0, false, VectorWidths.Widest);
        return new SimWorld(new Schedule(number, Scenario.TinyText, options, [new Fault(kind, 10_000 + (number * 1_700L), 0, number)]));
    }

    [Theory]
    [InlineData(FaultKind.KillWorker)]
    [InlineData(FaultKind.KillWorkerNode)]
    [InlineData(FaultKind.DrainWorkers)]
    public void Of_a_lost_worker_at_most_its_own_lanes_of_one_step(object kind)
    {
        const int workers = 4;
        var most = 0;
        for (var number = 1; number <= 40; number++)
        {
            var world = World(number, (FaultKind)kind, workers);

            Assert.Null(world.Simulate());

            // Its lanes go to others, and to whoever comes in its place; who keeps his lanes computes none again.
            Assert.InRange(world.Work.RepeatedLanes + world.Work.LanesOfOthers, 0, 2 * Scenario.TinyText.Run.Lanes.Lanes);
            Assert.Equal(0, world.Work.RepeatedSteps);
            most = Math.Max(most, world.Work.RepeatedLanes);
        }

        Assert.True(most > 0, "nobody was hit in the middle of a step");
    }

    [Theory]
    [InlineData(FaultKind.KillShard)]
    [InlineData(FaultKind.KillBarrier)]
    [InlineData(FaultKind.KillJob)]
    [InlineData(FaultKind.KillServer)]
    public void Of_a_lost_server_at_most_an_interval(object kind)
    {
        var most = 0L;
        for (var number = 1; number <= 40; number++)
        {
            var world = World(number, (FaultKind)kind, workers: 2);

            Assert.Null(world.Simulate());

            Assert.InRange(world.Work.RepeatedSteps, 0, Interval);
            most = Math.Max(most, world.Work.RepeatedSteps);
        }

        Assert.True(most > 0, "no step was lost");
    }

    /// <summary>P12.</summary>
    [Fact]
    public void Of_a_server_that_drains_nothing()
    {
        var drained = 0;
        for (var number = 1; number <= 40; number++)
        {
            var world = World(number, FaultKind.DrainServer, workers: 2);

            Assert.Null(world.Simulate());

            drained += world.Happened.GetValueOrDefault("process left in peace");
            Assert.True(
                world.Work.RepeatedSteps == 0 || !world.Happened.ContainsKey("process left in peace"),
                $"schedule {number}: {world.Work.RepeatedSteps} steps were done again");
        }

        Assert.True(drained > 0, "nobody drained");
    }
}
