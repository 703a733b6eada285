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
    private const int NodesTogether = 16;

    private static readonly int[] Counts = [1, 4, 16, 64];

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["nodes", var server, var count]:
                return await SleepingNodes.RunAsync(server, int.Parse(count, CultureInfo.InvariantCulture));
            case []:
                return await MeasureAsync(Counts, NodesTogether);
            case [var only] when Number(only) is { } number:
                return await MeasureAsync([number], NodesTogether);
            case [var only, "--together", var most] when Number(only) is { } number && Number(most) is > 0 and { } together:
                return await MeasureAsync([number], together);
            default:
                await Console.Error.WriteLineAsync("usage: ... -- coordination [NODES [--together NODES-IN-A-PROCESS]]");
                return 2;
        }
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<int> MeasureAsync(int[] counts, int together)
    {
        var job = MeasuredJob.SixtyFourLanes();
        var prediction = StepTraffic.Of(job);
        await using var cluster = await ClusterTrainer.StartAsync(options => options with { Roles = [NodeOptions.ServerRole] }, job);
        var seed = cluster.Node.Address[(cluster.Node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        Console.WriteLine($"{job.Recipe.Lanes} lanes, a sleep of {SleepingNodes.SleepMilliseconds} ms a step, at most {together} nodes in a process; messages a step: {StepTraffic.Formula}");
        Console.WriteLine($"{"nodes",6} {"step",8} {"overhead",9} {"p90",8} {"goal",6} {"messages",9} {"formula",8} {"bytes of them",14} {"tensor bytes",13} {"formula",9}   (ms; a step)");
        var passes = true;
        string? hash = null;
        foreach (var count in counts)
        {
            var nodes = new List<ChildProcess>();
            foreach (var some in Enumerable.Range(0, count).Chunk(together))
            {
                nodes.Add(await ChildProcess.StartAsync("coordination", "nodes", seed, some.Length.ToString(CultureInfo.InvariantCulture)));
            }

            var counter = new TrafficCounter(job.WarmUpSteps, job.Recipe.Training.Steps);
            counter.Start();
            var begin = Stopwatch.GetTimestamp();
            var (times, sha256) = await cluster.StepsAsync(job, count, _ => { });
            var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var sent = counter.Traffic;
            foreach (var node in nodes)
            {
                await node.TellAsync("traffic");
                sent += Traffic.Parse(await node.ReadAsync());
            }

            await Task.WhenAll(nodes.Select(node => Task.Run(node.Dispose)));
            passes &= Print(count, job, prediction, times, sent, seconds);
            hash ??= sha256;
            if (sha256 != hash)
            {
                throw new InvalidOperationException($"{count} nodes gave the weights {sha256}, not {hash}");
            }
        }

        return passes ? 0 : 1;
    }

    /// <returns>Whether time and traffic are as they are to be.</returns>
    private static bool Print(int count, MeasuredJob job, StepTraffic prediction, IReadOnlyList<long> times, Traffic sent, double seconds)
    {
        double[] steps = [.. times.Skip(1).Zip(times, (next, last) => Stopwatch.GetElapsedTime(last, next).TotalMilliseconds).Order()];
        var overhead = steps[steps.Length / 2] - SleepingNodes.SleepMilliseconds;
        double? goal = count switch { 16 => 5, 64 => 15, _ => null };
        var measured = (double)job.MeasuredSteps;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count,6} {steps[steps.Length / 2],8:F2} {overhead,9:F2} {steps[steps.Length * 9 / 10] - SleepingNodes.SleepMilliseconds,8:F2} {goal,6} {sent.Messages / measured,9:0.###} {StepTraffic.Messages(count),8} {sent.MessageBytes / measured,14:F0} {sent.TensorBytes / measured,13:0.#} {prediction.TensorBytes(count),9}"));
        Console.WriteLine($"       of the {measured} steps: {Words(sent.OfSteps)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"       of no step, in {seconds:F0} s: {Words(sent.OfTime)}"));
        return (goal is null || overhead <= goal)
            && sent.Messages == StepTraffic.Messages(count) * job.MeasuredSteps
            && sent.TensorBytes == prediction.TensorBytes(count) * job.MeasuredSteps;
    }

    private static string Words(IEnumerable<KeyValuePair<string, Traffic.Kind>> kinds) => string.Join(
        ", ", kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value.Messages} {kind.Key}")));
}
