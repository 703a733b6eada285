using Xunit.Abstractions;

namespace ActorTrainer.Simulation.Tests;

/// <summary>The oracle has to be able to fail: each planted bug is found, and how soon is printed.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int Schedules = 2_000;

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_found(string name)
    {
        var bug = PlantedBugs.All.Single(bug => bug.Name == name);
        for (var number = 1; number <= Schedules; number++)
        {
            if (ScheduleSummary.FaultOf(new SimWorld(Schedule.Of(number), bug)) is { } fault)
            {
                output.WriteLine($"found by schedule {number}: {fault.Split('\n')[0]}");
                return;
            }
        }

        Assert.Fail($"{Schedules} schedules came to the right bits although: {name}");
    }

    /// <summary>What is left of the schedule fails, and fails no more without any one of its faults.</summary>
    [Theory]
    [InlineData("checkpoint overwrites the one before (P9)")]
    [InlineData("cursor off by one after a restart (B10)")]
    [InlineData("acknowledged before persisted")]
    public void Is_found_again_in_the_shortest_schedule(string name)
    {
        var bug = PlantedBugs.All.Single(bug => bug.Name == name);
        var failing = Enumerable.Range(1, Schedules).Select(Schedule.Of).First(schedule => Fails(schedule) && schedule.Faults.Length > 2);
        var shrinker = new Shrinker(Fails);

        var shortest = shrinker.Shrink(failing);

        output.WriteLine($"{failing}\nafter {shrinker.Runs} runs: {shortest}\n{shortest.Command}");
        Assert.True(Fails(shortest));
        Assert.InRange(shortest.Faults.Length, 0, 2);
        Assert.All(shortest.Faults, fault => Assert.False(Fails(shortest with { Faults = shortest.Faults.Remove(fault) })));
        Assert.All(shortest.Faults, fault => Assert.Contains(fault, failing.Faults));

        bool Fails(Schedule schedule) => ScheduleSummary.FaultOf(new SimWorld(schedule, bug)) is not null;
    }

    [Fact]
    public void A_cluster_is_written_in_a_word_and_read_again()
    {
        for (var number = 1; number <= 100; number++)
        {
            var options = Schedule.Of(number).Options;

            Assert.Equal(options, ScheduleSettings.Read(ScheduleSettings.Write(options), Schedule.Of(number + 1).Options));
        }
    }
}
