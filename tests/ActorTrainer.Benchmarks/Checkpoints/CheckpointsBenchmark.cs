using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Tests.Shared;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Benchmarks.Checkpoints;

/// <summary>
/// What checkpoints cost of a step at the default interval, for small and larger models, on both databases: the same job
/// with checkpoints and without, alternating; the extra time of a checkpoint, spread over the steps between two at the default interval.
/// </summary>
/// <remarks>
/// Checkpoints come more often than by default where a step is long: so that the extra time of one is more than the noise.
/// </remarks>
internal static class CheckpointsBenchmark
{
    /// <summary>Most of the step time.</summary>
    private const double Goal = 0.02;

    private const int Pairs = 5;
    private const string SqliteName = "SQLite";
    private const string PostgreSqlName = "PostgreSQL";

    /// <param name="only">The databases and jobs to measure; none of a kind: all of it.</param>
    public static async Task<int> RunAsync(string[] only)
    {
        Console.WriteLine($"{"job",-14} {"database",-10} {"checkpoint",11} {"step",8} {"extra",8} {"default",8} {"share",7}   pair by pair");
        Console.WriteLine($"{"",-14} {"",-10} {"every",11} {"ms",8} {"ms each",8} {"interval",8} {"then",7}");
        var holds = IsWanted(SqliteName, [SqliteName, PostgreSqlName], only) ? await MeasureAsync(SqliteName, null, only) : true;
        if (!IsWanted(PostgreSqlName, [SqliteName, PostgreSqlName], only))
        {
            // Not asked for.
        }
        else if (PostgreSqlServer.Missing is { } missing)
        {
            Console.WriteLine(missing);
        }
        else
        {
            holds &= await MeasureAsync(PostgreSqlName, PostgreSqlServer.Shared.NewDatabase(), only);
        }

        Console.WriteLine($"Goal: at most {Goal:P0} of the step time: {(holds ? "met" : "not met")}.");
        return holds ? 0 : 1;
    }

    private static bool IsWanted(string name, string[] all, string[] only) =>
        only.Contains(name, StringComparer.OrdinalIgnoreCase) || !only.Intersect(all, StringComparer.OrdinalIgnoreCase).Any();

    private static async Task<bool> MeasureAsync(string database, string? connection, string[] only)
    {
        // The interval must leave a checkpoint time to be stored before the next falls due.
        (MeasuredJob Job, int Interval)[] jobs =
        [
            (Steps(MeasuredJob.SmallElman(), 12_000, 3_000), 4_000),
            (Steps(MeasuredJob.SelfPortrait(), 41, 5), 12),
            (Steps(MeasuredJob.TwoLayers(), 16, 4), 8),
        ];
        string[] names = [.. jobs.Select(job => job.Job.Name)];
        jobs = [.. jobs.Where(job => IsWanted(job.Job.Name, names, only))];
        await using var cluster = await ClusterTrainer.StartAsync(
            options => options with { DatabaseConnection = connection, ComputeThreads = 1 }, [.. jobs.Select(job => job.Job)]);
        var holds = true;
        foreach (var (job, interval) in jobs)
        {
            var cadence = new BarrierSettings(interval, 1).CheckpointCadence;
            var byDefault = DefaultCheckpointInterval.Of(job.Open());
            var defaultCadence = new BarrierSettings(byDefault, 1).CheckpointCadence;
            var saving = job with { CheckpointInterval = interval };
            await cluster.TrainAsync(job, 1);
            var (extra, steps) = (new List<double>(), new List<double>());
            for (var pair = 0; pair < Pairs; pair++)
            {
                var first = await cluster.TrainAsync(pair % 2 == 0 ? job : saving, 1);
                var second = await cluster.TrainAsync(pair % 2 == 0 ? saving : job, 1);
                var (without, with) = pair % 2 == 0 ? (first, second) : (second, first);
                steps.Add(without.SecondsPerStep);
                extra.Add((with.SecondsPerStep - without.SecondsPerStep) * cadence);
            }

            var (step, each) = (DistributionVerdict.Median(steps), DistributionVerdict.Median(extra));
            var share = each / (defaultCadence * step);
            holds &= share <= Goal;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Name,-14} {database,-10} {cadence,11} {step * 1e3,8:F2} {each * 1e3,8:F1} {byDefault,8} {share,7:P2}   {string.Join(' ', extra.Zip(steps, (more, of) => (more / (defaultCadence * of)).ToString("P2", CultureInfo.InvariantCulture)))}"));
        }

        return holds;
    }

    private static MeasuredJob Steps(MeasuredJob job, long steps, long warmUp) => job with
    {
        Recipe = job.Recipe with { Training = job.Recipe.Training with { Steps = steps } },
        WarmUpSteps = warmUp,
    };
}
