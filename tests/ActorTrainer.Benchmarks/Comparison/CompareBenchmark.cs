using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>Our training step against libtorch's: one thread each, the same model, data and initial weights.</summary>
internal static class CompareBenchmark
{
    /// <summary>By which the first losses may differ.</summary>
    private const double LossTolerance = 1e-4;

    public static int Run(string[] args)
    {
        if (CompareOptions.TryParse(args) is not { } options)
        {
            Console.Error.WriteLine(CompareOptions.Usage);
            return 2;
        }

        var known = ComparisonCase.All.Select(one => one.Name).ToList();
        if (options.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            Console.Error.WriteLine($"there is no row {unknown}; there are {string.Join(", ", known)}");
            return 2;
        }

        Subnormals.Require();
        var report = new CompareReport(options.AsJson);
        report.Begin(VectorWidths.Describe(), options);
        var agreed = true;
        foreach (var one in ComparisonCase.All.Where(one => options.Chooses(one.Name)))
        {
            agreed &= Measure(one, options, report);
        }

        return agreed ? 0 : 1;
    }

    /// <returns>Whether both sides began with the same loss.</returns>
    private static bool Measure(ComparisonCase one, CompareOptions options, CompareReport report)
    {
        var data = new CaseData(one);
        using var ours = new CoreStep(data, options.Lanes);
        var reason = "";
        using var peer = options.Alone ? null : LibtorchPeer.TryStart(options.Peer, data, out reason);
        if (peer is null && !options.Alone)
        {
            report.SayAlone(reason);
        }

        var (loss, peerLoss) = (ours.Loss(), peer?.Loss());
        var agrees = peerLoss is null || Math.Abs(loss - peerLoss.Value) <= LossTolerance;
        if (!agrees)
        {
            report.Warn($"{one.Name}: our first loss is {loss:R} and the peer's {peerLoss:R}; they are not the same model");
        }

        var pairs = StepComparison.Run(ours.Seconds, peer is null ? null : peer.Seconds, options.Pairs, options.Turn);
        report.Add(one.Title, ComparisonRow.Of(one.Name, pairs, one.Operations), pairs);
        return agrees;
    }
}
