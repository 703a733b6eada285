using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>Our training step against libtorch's: one thread each, the same model, data and initial weights.</summary>
internal static class CompareBenchmark
{
    /// <summary>By which the first losses may differ.</summary>
    private const double LossTolerance = 1e-4;

    /// <summary>b in the lanes asked for against b in one.</summary>
    private const string LanesRow = "b-lanes";

    private const string LanesOf = "b";

    private static readonly string[] MemoryOf = ["b", "c", "d"];

    /// <summary>Every row there is, in the order of the table.</summary>
    private static IEnumerable<string> Names =>
    [
        .. ComparisonCase.All.Select(one => one.Name),
        LanesRow,
        .. CoreWork.All.Select(work => work.Name),
        .. MemoryOf.Select(name => MemoryComparison.Prefix + name),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (CompareOptions.TryParse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(CompareOptions.Usage);
            return 2;
        }

        if (options.Names.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"there is no row {unknown}; there are {string.Join(", ", Names)}");
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

        if (options.Chooses(LanesRow))
        {
            MeasureLanes(options, report);
        }

        foreach (var (_, create) in CoreWork.All.Where(work => options.Chooses(work.Name)))
        {
            Measure(create(), options, report);
        }

        foreach (var name in MemoryOf.Where(name => options.Chooses(MemoryComparison.Prefix + name)))
        {
            await MeasureMemoryAsync(Case(name), options, report);
        }

        return agreed ? 0 : 1;
    }

    private static ComparisonCase Case(string name) => ComparisonCase.All.Single(one => one.Name == name);

    private static void MeasureLanes(CompareOptions options, CompareReport report)
    {
        var one = Case(LanesOf);
        using var many = new CoreStep(new CaseData(one), options.Lanes);
        using var single = new CoreStep(new CaseData(one), lanes: 1);
        var pairs = StepComparison.Run(many.Seconds, single.Seconds, options.Pairs, options.Turn);
        report.Add($"{one.Name} in {options.Lanes} lanes against itself in one, in the peer's place", ComparisonRow.Of(LanesRow, pairs, one.Operations), pairs);
    }

    private static void Measure(CoreWork work, CompareOptions options, CompareReport report)
    {
        var pairs = StepComparison.Run(work.Seconds, peers: null, options.Pairs, options.Turn);
        var row = ComparisonRow.Of(work.Name, pairs, work.Operations);
        if (work.Elements > 0)
        {
            report.AddFunction(work.Title, row, work.Elements);
        }
        else
        {
            report.Add(work.Title, row, pairs);
        }
    }

    private static async Task MeasureMemoryAsync(ComparisonCase one, CompareOptions options, CompareReport report)
    {
        if (!ProcessMemory.IsKnown)
        {
            report.Warn("this system does not tell the peak of a process's memory");
            return;
        }

        var (ours, reason) = (await MemoryComparison.OursAsync(one, options.Lanes), "");
        using var peer = options.Alone ? null : LibtorchPeer.TryStart(options.Peer, new CaseData(one), out reason);
        if (peer is null && !options.Alone)
        {
            report.SayAlone(reason);
        }

        report.AddMemory(MemoryComparison.Prefix + one.Name, one.Title, ours, peer is null ? null : MemoryComparison.Of(peer));
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
