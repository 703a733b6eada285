using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Tests.Shared;

namespace ActorTrainer.Benchmarks.Checkpoints;

/// <summary>
/// What checkpoints cost of a step at the default interval, for small and larger models, on both databases: the same job
/// with checkpoints and without, alternating; the extra time of a checkpoint, spread over the default interval's steps.
/// </summary>
/// <remarks>
/// Checkpoints come more often than by default where a step is long: so that the extra time of one is more than the noise.
/// </remarks>
internal static class CheckpointsBenchmark
{
    /// <summary>As the API fills it in.</summary>
    private const int DefaultInterval = 100;

    /// <summary>Most of the step time.</summary>
    private const double Goal = 0.02;

    private const int Pairs = 5;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"{"job",-14} {"database",-10} {"checkpoint",11} {"step",8} {"extra",8} {"share",7}   pair by pair");
        Console.WriteLine($"{"",-14} {"",-10} {"every",11} {"ms",8} {"ms each",8} {"at 100",7}");
        var holds = await MeasureAsync("SQLite", null);
        if (PostgreSqlServer.Missing is { } missing)
        {
            Console.WriteLine(missing);
        }
        else
        {
            holds &= await MeasureAsync("PostgreSQL", PostgreSqlServer.Shared.NewDatabase());
        }

        Console.WriteLine($"Goal: at most {Goal:P0} of the step time: {(holds ? "met" : "not met")}.");
        return holds ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(string database, string? connection)
    {
        // The interval must leave a checkpoint time to be stored before the next falls due.
        (MeasuredJob Job, int Interval)[] jobs =
        [
            (MeasuredJob.SmallElman(), DefaultInterval),
            (Steps(MeasuredJob.SelfPortrait(), 60, 5), 10),
            (Steps(MeasuredJob.TwoLayers(), 30, 4), 10),
        ];
        await using var cluster = await ClusterTrainer.StartAsync(
            options => options with { DatabaseConnection = connection, ComputeThreads = 1 }, [.. jobs.Select(job => job.Job)]);
        var holds = true;
        foreach (var (job, interval) in jobs)
        {
            var saving = job with { CheckpointInterval = interval };
            await cluster.TrainAsync(job, 1);
            var (extra, steps) = (new List<double>(), new List<double>());
            for (var pair = 0; pair < Pairs; pair++)
            {
                var first = await cluster.TrainAsync(pair % 2 == 0 ? job : saving, 1);
                var second = await cluster.TrainAsync(pair % 2 == 0 ? saving : job, 1);
                var (without, with) = pair % 2 == 0 ? (first, second) : (second, first);
                steps.Add(without.SecondsPerStep);
                extra.Add((with.SecondsPerStep - without.SecondsPerStep) * interval);
            }

            var (step, each) = (DistributionVerdict.Median(steps), DistributionVerdict.Median(extra));
            var share = each / (DefaultInterval * step);
            holds &= share <= Goal;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Name,-14} {database,-10} {interval,11} {step * 1e3,8:F2} {each * 1e3,8:F1} {share,7:P2}   {string.Join(' ', extra.Zip(steps, (more, of) => (more / (DefaultInterval * of)).ToString("P2", CultureInfo.InvariantCulture)))}"));
        }

        return holds;
    }

    private static MeasuredJob Steps(MeasuredJob job, long steps, long warmUp) => job with
    {
        Recipe = job.Recipe with { Training = job.Recipe.Training with { Steps = steps } },
        WarmUpSteps = warmUp,
    };
}
