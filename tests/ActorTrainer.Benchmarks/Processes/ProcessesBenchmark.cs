using System.Diagnostics;
using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Benchmarks.Processes;

/// <summary>
/// Two worker processes against one, each with one thread that computes, beside a server process: what is
/// left of the speed-up that two bare processes have, which never wait for each other.
/// </summary>
/// <remarks>
/// Bare and cluster take turns, in pairs of alternating order; judged is the median of the pairs' ratios. A
/// pair beside which other processes were at work is measured again, for as long as there is patience.
/// All runs must end with the same weights, bit for bit.
/// </remarks>
internal static class ProcessesBenchmark
{
    private const int Pairs = 5;
    private const int MostPairs = 8;
    private const int BareSteps = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var (shards, python) = (1, default(string));
        switch (args)
        {
            case ["bare", var index, var count]:
                return BareProcess.Run(int.Parse(index, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
            case ["worker", var server]:
                return await WorkerProcess.RunAsync(server);
        }

        for (var rest = args.AsMemory(); !rest.IsEmpty; rest = rest[2..])
        {
            switch (rest.Span)
            {
                case ["--shards", var number, ..] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out shards):
                case ["--ddp", var program, ..] when (python = program) is not null:
                    break;
                default:
                    await Console.Error.WriteLineAsync("usage: ... -- processes [--shards NUMBER] [--ddp PYTHON]");
                    return 2;
            }
        }

        if (Environment.ProcessorCount < 2)
        {
            await Console.Error.WriteLineAsync("Two processes against one can only be measured on two cores; this machine has one.");
            return 2;
        }

        var job = MeasuredJob.TwoLayers() with { Shards = shards };
        await using var cluster = await ClusterTrainer.StartAsync(options => options with { Roles = [NodeOptions.ServerRole] }, job);
        var seed = cluster.Node.Address[(cluster.Node.Address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        using var one = await ChildProcess.StartAsync("processes", "bare", "0", "1");
        using var left = await ChildProcess.StartAsync("processes", "bare", "0", "2");
        using var right = await ChildProcess.StartAsync("processes", "bare", "1", "2");
        using var first = await ChildProcess.StartAsync("processes", "worker", seed);
        using var second = await ChildProcess.StartAsync("processes", "worker", seed);
        using var ddp = python is null ? null : await DdpPeer.TryStartAsync(python);
        Process[] children = [one.Process, left.Process, right.Process, first.Process, second.Process, .. ddp?.Processes ?? []];

        var hash = (await cluster.TrainAsync(job, workers: 2)).WeightsSha256;
        await TrainAsync(1);
        Console.WriteLine($"{"pair",4} {"bare 1",8} {"bare 2",8} {"1 worker",9} {"2 workers",9}   {"bare",6} {"cluster",7} {"ratio",6} {"others",6}   (ms a step; speed-ups)");
        var pairs = new List<ProcessPair>();
        var peers = new List<(double One, double Two)>();
        for (var tried = 0; pairs.Count < Pairs; tried++)
        {
            var neighbours = Neighbours.FromNow(children);
            var (bare1, bare2, cluster1, cluster2) = (0.0, 0.0, 0.0, 0.0);
            Func<Task>[] turns =
            [
                async () => bare1 = await BareProcess.MeasureAsync([one], BareSteps),
                async () => bare2 = await BareProcess.MeasureAsync([left, right], 2 * BareSteps),
                async () => cluster1 = await TrainAsync(1),
                async () => cluster2 = await TrainAsync(2),
            ];
            foreach (var turn in tried % 2 == 0 ? turns : turns.Reverse())
            {
                await turn();
            }

            var pair = new ProcessPair(bare1, bare2, cluster1, cluster2, neighbours.Share);
            if (ddp is not null)
            {
                peers.Add(await ddp.MeasureAsync(BareSteps));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"ddp",4} {peers[^1].One * 1e3,8:F1} {peers[^1].Two * 1e3,8:F1} {"",19}   {peers[^1].One / peers[^1].Two,6:F3}"));
            }

            var counts = pair.Counts || tried >= MostPairs;
            Console.WriteLine(Line(counts ? (pairs.Count + 1).ToString(CultureInfo.InvariantCulture) : "-", pair));
            if (counts)
            {
                pairs.Add(pair);
            }
        }

        var ratio = DistributionVerdict.Median(pairs.Select(pair => pair.Ratio));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"speed-up of two processes: bare {DistributionVerdict.Median(pairs.Select(pair => pair.BareSpeedUp)):F3}, cluster {DistributionVerdict.Median(pairs.Select(pair => pair.ClusterSpeedUp)):F3}; median of the ratios {ratio:F3}, at least {ProcessPair.Goal} wanted"));
        if (peers.Count > 0)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"speed-up of two processes of PyTorch's DDP: {DistributionVerdict.Median(peers.Select(peer => peer.One / peer.Two)):F3} ({DistributionVerdict.Median(peers.Select(peer => peer.One)) * 1e3:F1} -> {DistributionVerdict.Median(peers.Select(peer => peer.Two)) * 1e3:F1} ms)"));
        }

        return ratio >= ProcessPair.Goal ? 0 : 1;

        async Task<double> TrainAsync(int workers)
        {
            var stretch = await cluster.TrainAsync(job, workers);
            return stretch.WeightsSha256 == hash
                ? stretch.SecondsPerStep
                : throw new InvalidOperationException($"{workers} workers gave the weights {stretch.WeightsSha256}, not {hash}");
        }
    }

    private static string Line(string name, ProcessPair pair) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,4} {pair.Bare1 * 1e3,8:F1} {pair.Bare2 * 1e3,8:F1} {pair.Cluster1 * 1e3,9:F1} {pair.Cluster2 * 1e3,9:F1}   {pair.BareSpeedUp,6:F3} {pair.ClusterSpeedUp,7:F3} {pair.Ratio,6:F3} {pair.Neighbours,6:P0}");
}
