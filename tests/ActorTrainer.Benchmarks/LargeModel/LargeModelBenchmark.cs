using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Tests.Shared;

namespace ActorTrainer.Benchmarks.LargeModel;

/// <summary>
/// A model of 50 million parameters on a server process and a worker process with default settings: that it trains and
/// leaves checkpoints, and how late heartbeats are meanwhile.
/// </summary>
/// <remarks>
/// A node beats every 500 ms. Akka's failure detector writes every interval above two thirds of the acceptable pause of
/// 2 s into the node's log: an interval that is not in it was at most 1,333 ms long, its heartbeat at most 833 ms late.
/// </remarks>
internal static partial class LargeModelBenchmark
{
    private const double MostLateMilliseconds = 1000;
    private const double BeatMilliseconds = 500;
    private const double UnsaidMilliseconds = 2000 * 2 / 3.0;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or [_, _]))
        {
            await Console.Error.WriteLineAsync("usage: ... -- large-model [STEPS INTERVAL]");
            return 2;
        }

        int[] numbers = args is [] ? [101, 100] : [.. args.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        var job = MeasuredJob.FiftyMillion(numbers[0]) with { CheckpointInterval = numbers[1] };
        Console.WriteLine($"{job.Open().Layout.ParameterCount} parameters, {numbers[0]} steps, a checkpoint every {numbers[1]} and at the end");
        var holds = await MeasureAsync("SQLite", job, null);
        if (PostgreSqlServer.Missing is { } missing)
        {
            Console.WriteLine(missing);
            return holds ? 0 : 1;
        }

        holds &= await MeasureAsync("PostgreSQL", job, PostgreSqlServer.Shared.NewDatabase());
        return holds ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(string database, MeasuredJob job, string? connection)
    {
        await using var cluster = await ClusterTrainer.StartAsync(
            options => options with { Roles = [NodeOptions.ServerRole], DatabaseConnection = connection }, job);
        var seed = cluster.Node.Address[(cluster.Node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        using var worker = await ChildProcess.StartAsync("processes", "worker", seed);
        var start = Stopwatch.GetTimestamp();
        var (times, hash) = await cluster.StepsAsync(job, 1, _ => { });
        var all = Stopwatch.GetElapsedTime(start);
        double[] steps = [.. times.Skip(1).Zip(times, (next, last) => Stopwatch.GetElapsedTime(last, next).TotalMilliseconds).Order()];
        await worker.TellAsync("log");
        var log = cluster.LogLines().Concat(File.ReadLines(await worker.ReadAsync())).ToList();
        var intervals = log.Select(line => Interval().Match(line)).Where(match => match.Success)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Order().ToList();
        var late = (intervals.Count == 0 ? UnsaidMilliseconds : intervals[^1]) - BeatMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{database,-10} {all.TotalSeconds:F0} s; step median {steps[steps.Length / 2]:F0} ms, longest {steps[^1]:F0} ms; weights {hash[..12]}; intervals of heartbeats over {UnsaidMilliseconds:F0} ms: {intervals.Count}; late by at most {late:F0} ms"));
        foreach (var line in log.Where(line => line.Contains("heckpoint", StringComparison.Ordinal) || line.Contains("nreachable", StringComparison.Ordinal)))
        {
            Console.WriteLine("    " + line);
        }

        return late <= MostLateMilliseconds;
    }

    [GeneratedRegex("heartbeat interval is growing too large.*: ([0-9.]+) millis")]
    private static partial Regex Interval();
}
