namespace ActorTrainer.Simulation.Tests;

/// <summary>Many schedules, carried out by all processors, and what happened in them.</summary>
internal sealed class ScheduleSummary
{
    private static readonly Lazy<ScheduleSummary> Everyday = new(() => Of(ScheduleSettings.Count));

    private ScheduleSummary(int count) => Count = count;

    /// <summary>Those that every test run carries out, or as many as the environment asks for.</summary>
    public static ScheduleSummary Asked => Everyday.Value;

    public int Count { get; }

    public SortedDictionary<string, long> Happened { get; } = new(StringComparer.Ordinal);

    public Dictionary<KillPoint, int> Met { get; } = [];

    public HashSet<(Role Role, Act Act, Type Kind)> Seen { get; } = [];

    /// <summary>Schedules that failed, by number.</summary>
    public SortedDictionary<int, string> Failed { get; } = [];

    public int MostLeased { get; private set; }

    public long RepeatedLanes { get; private set; }

    public long LanesOfOthers { get; private set; }

    public long RepeatedSteps { get; private set; }

    /// <summary>Of one processor, on average.</summary>
    public double MillisecondsEach { get; private set; }

    public static ScheduleSummary Of(int count)
    {
        var summary = new ScheduleSummary(count);
        var began = Environment.CpuUsage.TotalTime;
        Parallel.For(1, count + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            if (summary.Failed.Count >= 10)
            {
                return;
            }

            var world = new SimWorld(Schedule.Of(number));
            summary.Add(number, world, FaultOf(world));
        });
        summary.MillisecondsEach = (Environment.CpuUsage.TotalTime - began).TotalMilliseconds / count;
        return summary;
    }

    /// <summary>What is wrong with a schedule; null: nothing.</summary>
    public static string? FaultOf(SimWorld world)
    {
        try
        {
            var fault = world.Simulate();
            if (world.Scenario != Scenario.Diverging)
            {
                return fault;
            }

            return fault is not null && fault.Contains("is not finite; it was computed again, to the same bits", StringComparison.Ordinal)
                ? null
                : fault ?? "a run that diverges was completed";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception.ToString();
        }
    }

    private void Add(int number, SimWorld world, string? fault)
    {
        lock (Happened)
        {
            if (fault is not null)
            {
                Failed.Add(number, fault);
            }

            foreach (var (kind, times) in world.Happened)
            {
                Happened[kind] = Happened.GetValueOrDefault(kind) + times;
            }

            foreach (var point in world.Met)
            {
                Met[point] = Met.GetValueOrDefault(point) + 1;
            }

            Seen.UnionWith(world.Seen);
            MostLeased = Math.Max(MostLeased, world.MostLeased);
            RepeatedLanes += world.Work.RepeatedLanes;
            LanesOfOthers += world.Work.LanesOfOthers;
            RepeatedSteps += world.Work.RepeatedSteps;
        }
    }
}
