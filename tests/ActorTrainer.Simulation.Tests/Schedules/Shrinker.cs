namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Makes a failing schedule shorter while it still fails, in whatever way: first without halves, quarters, …
/// and single ones of its faults (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
/// 2002), then on a better network and a smaller cluster, until nothing more can be left out.
/// </summary>
/// <param name="fails">Whether a schedule still fails.</param>
internal sealed class Shrinker(Func<Schedule, bool> fails)
{
    private const int MostRuns = 400;

    /// <summary>Schedules that were run.</summary>
    public int Runs { get; private set; }

    public Schedule Shrink(Schedule failing)
    {
        for (var before = (Schedule?)null; before != failing && Runs < MostRuns;)
        {
            before = failing;
            failing = WithFewerFaults(failing);
            foreach (var smaller in Smaller(failing.Options))
            {
                var simpler = failing with { Options = smaller(failing.Options) };
                if (simpler != failing && Fails(simpler))
                {
                    failing = simpler;
                }
            }
        }

        return failing;
    }

    private static IEnumerable<Func<SimOptions, SimOptions>> Smaller(SimOptions from)
    {
        yield return options => options with { Drop = 0, Duplicate = 0, Slow = 0, FetchFails = 0 };
        yield return options => options with { Drop = 0 };
        yield return options => options with { Duplicate = 0 };
        yield return options => options with { Slow = 0 };
        yield return options => options with { FetchFails = 0 };
        yield return options => options with { Linger = false };
        yield return options => options with { MinimumWorkers = 1 };
        yield return options => options with { WorkersPerNode = 1 };
        yield return options => options with { Servers = 1 };
        yield return options => options with { Mixed = true };
        for (var count = 1; count < from.Workers; count++)
        {
            var workers = count;
            yield return options => workers < options.Workers ? options with { Workers = workers } : options;
        }

        for (var count = 1; count < from.Shards; count++)
        {
            var shards = count;
            yield return options => shards < options.Shards ? options with { Shards = shards } : options;
        }
    }

    private Schedule WithFewerFaults(Schedule failing)
    {
        for (var size = Math.Max(1, failing.Faults.Length); size >= 1; size /= 2)
        {
            for (var first = 0; first < failing.Faults.Length;)
            {
                var shorter = failing with { Faults = failing.Faults.RemoveRange(first, Math.Min(size, failing.Faults.Length - first)) };
                if (Fails(shorter))
                {
                    failing = shorter;
                }
                else
                {
                    first += size;
                }
            }
        }

        return failing;
    }

    private bool Fails(Schedule schedule) => Runs++ < MostRuns && fails(schedule);
}
