using Xunit.Abstractions;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Schedules of hostile clusters: whatever is lost, repeated, reordered, delayed, cut off, stopped or killed, the run
/// comes to the bits of the undisturbed one. <c>ACTORTRAINER_SCHEDULES</c> sets how many;
/// <c>ACTORTRAINER_SEED</c> runs one and prints what happens in it.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_schedule_comes_to_the_undisturbed_bits()
    {
        if (ScheduleSettings.One is { } one)
        {
            output.WriteLine(one.ToString());
            var fault = ScheduleSummary.FaultOf(new SimWorld(one, trace: output.WriteLine));
            Assert.True(fault is null, fault);
            return;
        }

        var summary = ScheduleSummary.Asked;
        Print(summary);
        Assert.True(summary.Failed.Count == 0, Explain(summary));
    }

    [Fact]
    public void Every_role_is_killed_at_every_step_of_the_protocol()
    {
        if (ScheduleSettings.One is not null)
        {
            return;
        }

        foreach (var point in KillTable.Points)
        {
            var times = ScheduleSummary.Asked.Met.GetValueOrDefault(point);
            output.WriteLine($"{times,6} {point}");
            Assert.True(times > 0 || IsMetLater(point), $"nobody was killed {point}");
        }
    }

    [Fact]
    public void The_table_of_kills_has_every_step_that_was_seen() =>
        Assert.All(ScheduleSummary.Asked.Seen, seen => Assert.True(KillTable.Has(seen.Role, seen.Act, seen.Kind), $"{seen.Role} {seen.Act} {seen.Kind}"));

    /// <summary>P11: whoever computes the step, and in whatever order its lanes arrive.</summary>
    [Fact]
    public void A_run_that_diverges_halts_once_the_same_bits_came_again()
    {
        for (var number = 1; number <= 20; number++)
        {
            var schedule = Schedule.Of(number) with { Scenario = Scenario.Diverging, Faults = [] };

            Assert.Null(ScheduleSummary.FaultOf(new SimWorld(schedule)));
        }
    }

    /// <summary>Whether a schedule further on comes to the point; the rare ones are not in every few thousand.</summary>
    private static bool IsMetLater(KillPoint point)
    {
        const int rounds = 60;
        var number = ((ScheduleSettings.Count / KillTable.Points.Length) + 1) * KillTable.Points.Length + KillTable.Points.IndexOf(point);
        for (var round = 0; round < rounds; round++, number += KillTable.Points.Length)
        {
            var world = new SimWorld(Schedule.Of(number));
            var fault = ScheduleSummary.FaultOf(world);
            Assert.True(fault is null, $"schedule {number}: {fault}");
            if (world.Met.Contains(point))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first failure, and the shortest schedule that still fails.</summary>
    private static string Explain(ScheduleSummary summary)
    {
        if (summary.Failed.Count == 0)
        {
            return "";
        }

        var (number, fault) = summary.Failed.First();
        var shortest = new Shrinker(schedule => ScheduleSummary.FaultOf(new SimWorld(schedule)) is not null).Shrink(Schedule.Of(number));
        return $"""
            schedule {number}: {fault}
            also failed: {string.Concat(summary.Failed.Skip(1).Select(other => $"\n    {other.Key}: {other.Value.Split('\n')[0]}"))}
            shortest that fails: {shortest}
            it says: {ScheduleSummary.FaultOf(new SimWorld(shortest))}
            again: {shortest.Command}
            """;
    }

    private void Print(ScheduleSummary summary)
    {
        output.WriteLine($"{summary.Count} schedules of {summary.MillisecondsEach:F1} ms; at most {summary.MostLeased} buffers held");
        output.WriteLine($"done again: {summary.RepeatedLanes} lanes by a new owner, {summary.LanesOfOthers} by a former one or a copy, {summary.RepeatedSteps} steps");
        foreach (var (kind, times) in summary.Happened)
        {
            output.WriteLine($"{times,8} {kind}");
        }
    }
}
