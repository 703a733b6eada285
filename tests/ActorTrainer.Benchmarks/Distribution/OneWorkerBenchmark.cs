namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// A step of one worker in the running cluster against the bare step, for networks of the comparison with
/// libtorch: what the cluster takes from the numeric core's speed.
/// </summary>
/// <remarks>
/// Bare and cluster take turns in pairs of alternating order, and both must end with the same weights; judged is the
/// median of the pairs. Pairs beside which other processes were at work are marked, and counted only where
/// there are too few others.
/// </remarks>
internal static class OneWorkerBenchmark
{
    private const int Pairs = 11;
    private const int WarmUpJobs = 2;

    /// <summary>At most this times the bare step, for b and c.</summary>
    private const double MostTimes = 1.03;

    /// <summary>At most so much more than the bare step, for f.</summary>
    private const double MostMicroseconds = 150;

    public static async Task<int> RunAsync(string[] args)
    {
        var names = args is [] ? new[] { "b", "c", "f" } : args;
        if (names.Except(["b", "c", "f"]).Any())
        {
            await Console.Error.WriteLineAsync("usage: ... -- one-worker [b|c|f]...");
            return 2;
        }

        Console.WriteLine($"{"case",4} {"bare ms",9} {"cluster ms",10} {"ratio",6} {"quartiles",11} {"more us",8} {"pairs",5}   one worker, median of pairs");
        var hold = true;
        foreach (var name in names)
        {
            hold &= await MeasureAsync(name);
        }

        return hold ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(string name)
    {
        var job = name switch
        {
            "b" => MeasuredJob.OneLayerCase(),
            "c" => MeasuredJob.TwoLayerCase(),
            _ => MeasuredJob.SmallElman(),
        };
        var run = job.Open();
        await using var cluster = await ClusterTrainer.StartAsync(job);
        for (var i = 0; i < WarmUpJobs; i++)
        {
            _ = await cluster.TrainAsync(job, workers: 1);
        }

        var (all, quiet) = (new List<Pair>(), new List<Pair>());
        for (var number = 0; quiet.Count < Pairs && number < 2 * Pairs; number++)
        {
            var neighbours = Neighbours.FromNow();
            Stretch bare, within;
            if (number % 2 == 0)
            {
                (bare, within) = (BareTrainer.Train(job, run), await cluster.TrainAsync(job, workers: 1));
            }
            else
            {
                within = await cluster.TrainAsync(job, workers: 1);
                bare = BareTrainer.Train(job, run);
            }

            if (bare.WeightsSha256 != within.WeightsSha256)
            {
                throw new InvalidOperationException($"case {name}: the bare run ended with the weights {bare.WeightsSha256} and the cluster's with {within.WeightsSha256}; they must be the same");
            }

            var pair = new Pair(bare.SecondsPerStep, within.SecondsPerStep);
            all.Add(pair);
            if (neighbours.Share <= Neighbours.Tolerated)
            {
                quiet.Add(pair);
            }
        }

        return Report(name, quiet.Count >= Pairs ? quiet : all, quiet.Count);
    }

    private static bool Report(string name, List<Pair> pairs, int quiet)
    {
        var ratio = Comparison.Quartiles.Of([.. pairs.Select(pair => pair.Cluster / pair.Bare)]);
        var more = DistributionVerdict.Median(pairs.Select(pair => pair.Cluster - pair.Bare)) * 1e6;
        var holds = name == "f" ? more <= MostMicroseconds : ratio.Median <= MostTimes;
        var bound = name == "f" ? $"+ {MostMicroseconds:F0} us" : $"{MostTimes:F2}";
        Console.WriteLine(
            $"{name,4} {DistributionVerdict.Median(pairs.Select(pair => pair.Bare)) * 1e3,9:F3} {DistributionVerdict.Median(pairs.Select(pair => pair.Cluster)) * 1e3,10:F3} "
            + $"{ratio.Median,6:F3} {$"{ratio.First:F3}-{ratio.Third:F3}",11} {more,8:F0} {pairs.Count,5}   at most {bound}: {(holds ? "holds" : "missed")}{(quiet < Pairs ? $"; only {quiet} pairs were alone on the machine, all are counted" : "")}");
        return holds;
    }

    /// <summary>Seconds a step.</summary>
    private readonly record struct Pair(double Bare, double Cluster);
}
