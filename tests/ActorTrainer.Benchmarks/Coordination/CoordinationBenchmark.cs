using System.Diagnostics;
using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>
/// What a cluster adds to a step of which each node only sleeps through its share: a server process with
/// registry, job, barrier and one shard, and 1, 4, 16 and 64 nodes in other processes, each a member with
/// connections of its own. All of them share this machine's cores, which the nodes of a real cluster do not.
/// </summary>
internal static class CoordinationBenchmark
{
    /// <summary>More of them in one process would wait for each other's collections of garbage, and miss heartbeats.</summary>
    private const int NodesInProcess = 8;

    private static readonly int[] Counts = [1, 4, 16, 64];

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["nodes", var server, var count]:
                return await SleepingNodes.RunAsync(server, int.Parse(count, CultureInfo.InvariantCulture));
            case []:
                return await MeasureAsync(Counts);
            case [var only] when int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return await MeasureAsync([number]);
            default:
                await Console.Error.WriteLineAsync("usage: ... -- coordination [NODES]");
                return 2;
        }
    }

    private static async Task<int> MeasureAsync(int[] counts)
    {
        var job = MeasuredJob.SixtyFourLanes();
        var prediction = StepTraffic.Of(job);
        await using var cluster = await ClusterTrainer.StartAsync(options => options with { Roles = [NodeOptions.ServerRole] }, job);
        var seed = cluster.Node.Address[(cluster.Node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        Console.WriteLine($"{job.Recipe.Lanes} lanes, a sleep of {SleepingNodes.SleepMilliseconds} ms a step; messages a step: {StepTraffic.Formula}");
        Console.WriteLine($"{"nodes",6} {"step",8} {"overhead",9} {"p90",8} {"goal",6} {"messages",9} {"formula",8} {"bytes of them",14} {"tensor bytes",13} {"formula",9}   (ms; a step)");
        var passes = true;
        string? hash = null;
        foreach (var count in counts)
        {
            var nodes = new List<ChildProcess>();
            foreach (var together in Enumerable.Range(0, count).Chunk(NodesInProcess))
            {
                nodes.Add(await ChildProcess.StartAsync("coordination", "nodes", seed, together.Length.ToString(CultureInfo.InvariantCulture)));
            }

            var before = new Traffic();
            var asked = Task.CompletedTask;
            var (times, sha256) = await cluster.StepsAsync(job, count, step =>
            {
                if (step == job.WarmUpSteps)
                {
                    before = Traffic.Of(cluster.Node);
                    asked = Task.WhenAll(nodes.Select(node => node.TellAsync("traffic")));
                }
            });
            var after = Traffic.Of(cluster.Node);
            await asked;
            foreach (var node in nodes)
            {
                before += Traffic.Parse(await node.ReadAsync());
                await node.TellAsync("traffic");
                after += Traffic.Parse(await node.ReadAsync());
            }

            await Task.WhenAll(nodes.Select(node => Task.Run(node.Dispose)));

            double[] steps = [.. times.Skip(1).Zip(times, (next, last) => Stopwatch.GetElapsedTime(last, next).TotalMilliseconds).Order()];
            var overhead = steps[steps.Length / 2] - SleepingNodes.SleepMilliseconds;
            double? goal = count switch { 16 => 5, 64 => 15, _ => null };
            passes &= goal is null || overhead <= goal;
            var (sent, measured) = (after - before, (double)job.MeasuredSteps);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count,6} {steps[steps.Length / 2],8:F2} {overhead,9:F2} {steps[steps.Length * 9 / 10] - SleepingNodes.SleepMilliseconds,8:F2} {goal,6} {sent.Messages / measured,9:F1} {StepTraffic.Messages(count),8} {sent.MessageBytes / measured,14:F0} {sent.TensorBytes / measured,13:F0} {prediction.TensorBytes(count),9}"));
            hash ??= sha256;
            if (sha256 != hash)
            {
                throw new InvalidOperationException($"{count} nodes gave the weights {sha256}, not {hash}");
            }
        }

        return passes ? 0 : 1;
    }
}
