using System.Globalization;
using Xunit.Abstractions;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Schedules of hostile clusters: whatever is lost, repeated, reordered, delayed or killed, the run
/// comes to the bits of the undisturbed one. <c>ACTORTRAINER_SCHEDULES</c> sets how many;
/// <c>ACTORTRAINER_SEED</c> runs one and prints what happens in it.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly int Schedules = Setting("ACTORTRAINER_SCHEDULES") ?? 300;
    private static readonly int? OneSeed = Setting("ACTORTRAINER_SEED");

    [Fact]
    public void Every_schedule_comes_to_the_undisturbed_bits()
    {
        var most = 0;
        var happened = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (first, count) = OneSeed is { } seed ? (seed, 1) : (1, Schedules);
        for (var schedule = first; schedule < first + count; schedule++)
        {
            var lines = new List<string>();
            var world = Schedule(schedule, mutant: null, OneSeed is null ? null : lines.Add);
            string? fault;
            try
            {
                fault = world.Simulate();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                fault = exception.ToString();
            }

            foreach (var line in lines)
            {
                output.WriteLine(line);
            }

            Assert.True(fault is null, $"schedule {schedule}: {fault}\nagain: ACTORTRAINER_SEED={schedule} dotnet test tests/ActorTrainer.Simulation.Tests --filter Every_schedule -l 'console;verbosity=detailed'");
            most = Math.Max(most, world.MostLeased);
            foreach (var (kind, times) in world.Happened)
            {
                happened[kind] = happened.GetValueOrDefault(kind) + times;
            }
        }

        output.WriteLine($"{count} schedules, at most {most} buffers held: {string.Join(", ", happened.Select(kind => $"{kind.Key} {kind.Value}"))}");
    }

    /// <summary>P11: whoever computes the step, and in whatever order its lanes arrive.</summary>
    [Fact]
    public void A_run_that_diverges_halts_once_the_same_bits_came_again()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var options = SimOptions.Hostile(new Random(seed)) with { Faults = 0 };

            var fault = new SimWorld(Scenario.Diverging, options, seed).Simulate();

            Assert.Contains("is not finite; it was computed again, to the same bits", fault, StringComparison.Ordinal);
        }
    }

    internal static SimWorld Schedule(int seed, Func<SimWorld, object, object>? mutant, Action<string>? trace = null)
    {
        var random = new Random(seed);
        var scenario = random.Next(3) == 0 ? Scenario.TinyAddition : Scenario.TinyText;
        return new SimWorld(scenario, SimOptions.Hostile(random), random.Next(), mutant, trace);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
