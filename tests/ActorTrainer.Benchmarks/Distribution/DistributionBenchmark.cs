using System.Text.Json;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// The cost of distribution: the job of `actortrainer train` on one node with one worker and with two,
/// against the bare arithmetic on one thread and on two.
/// </summary>
/// <remarks>
/// Bare and cluster take turns, in pairs of alternating order, so that what neighbours do to the machine
/// hits all alike; judged are the medians of the pairs' ratios. A pair beside which other processes were at
/// work is measured again, for as long as there is patience; if there is none left, it counts all the same,
/// and that is said. Every run, bare or in the cluster, must
/// end with the same weights, bit for bit: what is compared is the same arithmetic.
/// </remarks>
internal static class DistributionBenchmark
{
    private const int Pairs = 10;
    private const int SmallPairs = 5;
    private const int WarmUpJobs = 4;
    private const int BareSteps = 12;

    /// <summary>Pairs measured at most, those beside neighbours included.</summary>
    private const int MostPairs = 60;

    private static readonly TimeSpan PauseForNeighbours = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<int> RunAsync(string[] args)
    {
        var asJson = args is ["-o", "json"];
        if (!asJson && args.Length > 0)
        {
            await Console.Error.WriteLineAsync("usage: ... -- distribution [-o json]");
            return 2;
        }

        if (Environment.ProcessorCount < 2)
        {
            await Console.Error.WriteLineAsync("Two threads against one can only be measured on two cores; this machine has one.");
            return 2;
        }

        var say = asJson ? TextWriter.Null : Console.Out;
        var (portrait, small) = (MeasuredJob.SelfPortrait(), MeasuredJob.SmallElman());
        await using var cluster = await ClusterTrainer.StartAsync(portrait, small);

        await say.WriteLineAsync(
            $"{"pair",4} {"1/P1",8} {"1/P2",8} {"bare step",9} {"t1",8} {"t2",8}   {"P1/P2",6} {"t2/t1",6} {"of two",7} {"of one",7} {"others",6}   (ms a step; ratios)");
        var pairs = await MeasureAsync(portrait, cluster, say);
        var overheads = await MeasureSmallAsync(small, cluster);
        var verdict = new DistributionVerdict(
            Median(pairs, pair => pair.CostOfTwo), Median(pairs, pair => pair.CostOfOne), DistributionVerdict.Median(overheads));
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { pairs, medians = MedianOf(pairs), verdict, small_overheads = overheads }, Json));
        }
        else
        {
            Print(MedianOf(pairs), verdict);
        }

        return verdict is { TwoPass: true, OnePasses: true } ? 0 : 1;
    }

    private static async Task<List<DistributionPair>> MeasureAsync(MeasuredJob job, ClusterTrainer cluster, TextWriter say)
    {
        var run = job.Open();
        using var weights = new NetworkWeights(run.Network);
        run.FillInitialWeights(weights.Values);
        weights.Changed();
        using var one = new BareThreads(run, weights, 1);
        using var two = new BareThreads(run, weights, 2);
        var hash = BareTrainer.Train(job, run).WeightsSha256;

        // Until then the framework compiles the cluster's code anew beside the first jobs.
        for (var i = 0; i < WarmUpJobs; i++)
        {
            _ = Checked(await cluster.TrainAsync(job, workers: 1 + (i % 2)), hash);
        }

        var pairs = new List<DistributionPair>();
        for (var number = 0; pairs.Count(pair => pair.Counts) < Pairs && number < MostPairs; number++)
        {
            var neighbours = Neighbours.FromNow();
            var (bare1, bare2, bareStep, cluster1, cluster2) = (0.0, 0.0, 0.0, 0.0, 0.0);
            List<Func<Task>> turns =
            [
                () => Task.FromResult(bare1 = 1 / one.Speed(BareSteps)),
                async () => cluster1 = Checked(await cluster.TrainAsync(job, workers: 1), hash),
                () => Task.FromResult(bareStep = Checked(BareTrainer.Train(job, run), hash)),
                () => Task.FromResult(bare2 = 1 / two.Speed(BareSteps * 2)),
                async () => cluster2 = Checked(await cluster.TrainAsync(job, workers: 2), hash),
            ];
            foreach (var turn in number % 2 == 0 ? turns : turns.AsEnumerable().Reverse())
            {
                await turn();
            }

            var pair = new DistributionPair(bare1, bare2, bareStep, cluster1, cluster2, neighbours.Share);
            pairs.Add(pair);
            await say.WriteLineAsync(Line($"{number + 1}", pair) + (pair.Counts ? "" : " does not count"));
            if (!pair.Counts)
            {
                await Task.Delay(PauseForNeighbours);
            }
        }

        var counted = pairs.Where(pair => pair.Counts).ToList();
        if (counted.Count >= Pairs)
        {
            return counted;
        }

        await Console.Error.WriteLineAsync($"The machine was never quiet for long: only {counted.Count} of {pairs.Count} pairs were measured alone. All are counted.");
        return pairs;
    }

    /// <summary>Seconds that the cluster adds to a step, pair by pair.</summary>
    private static async Task<List<double>> MeasureSmallAsync(MeasuredJob job, ClusterTrainer cluster)
    {
        var run = job.Open();
        var overheads = new List<double>();
        for (var number = 0; number < SmallPairs; number++)
        {
            var bare = BareTrainer.Train(job, run);
            overheads.Add(Checked(await cluster.TrainAsync(job, workers: 1), bare.WeightsSha256) - bare.SecondsPerStep);
        }

        return overheads;
    }

    private static double Checked(Stretch stretch, string hash) => stretch.WeightsSha256 == hash
        ? stretch.SecondsPerStep
        : throw new InvalidOperationException($"a run ended with the weights {stretch.WeightsSha256} and another with {hash}; they must be the same");

    private static void Print(DistributionPair medians, DistributionVerdict verdict)
    {
        Console.WriteLine(Line("med.", medians));
        Console.WriteLine();
        Console.WriteLine(
            $"two workers:  t2/t1 = {verdict.CostOfTwo:F3} x P1/P2 (at most {DistributionVerdict.MostForTwo:F2}): {Word(verdict.TwoPass)}");
        Console.WriteLine(
            $"one worker:   t1 = {verdict.CostOfOne:F3} x the bare step (at most {DistributionVerdict.MostForOne:F2}): {Word(verdict.OnePasses)}");
        Console.WriteLine(
            $"small model:  Elman 16, T 8, B 32, one worker: the cluster adds {verdict.SmallStepOverheadSeconds * 1e6:F0} us to a step");
    }

    private static string Word(bool passes) => passes ? "holds" : "missed";

    private static string Line(string name, DistributionPair pair) =>
        $"{name,4} {pair.Bare1 * 1e3,8:F2} {pair.Bare2 * 1e3,8:F2} {pair.BareStep * 1e3,9:F2} {pair.Cluster1 * 1e3,8:F2} {pair.Cluster2 * 1e3,8:F2}   "
        + $"{pair.BareRatio,6:F3} {pair.ClusterRatio,6:F3} {pair.CostOfTwo,7:F3} {pair.CostOfOne,7:F3} {pair.Neighbours,6:P0}";

    private static double Median(List<DistributionPair> pairs, Func<DistributionPair, double> of) => DistributionVerdict.Median(pairs.Select(of));

    /// <summary>Each time's own median; the ratios judged are medians of ratios.</summary>
    private static DistributionPair MedianOf(List<DistributionPair> pairs) => new(
        Median(pairs, pair => pair.Bare1),
        Median(pairs, pair => pair.Bare2),
        Median(pairs, pair => pair.BareStep),
        Median(pairs, pair => pair.Cluster1),
        Median(pairs, pair => pair.Cluster2),
        Median(pairs, pair => pair.Neighbours));
}
