using ActorTrainer.Benchmarks.Comparison;
using BenchmarkDotNet.Attributes;

namespace ActorTrainer.Benchmarks.Suite;

/// <summary>Whole training steps of the cases of `compare`, in 8 lanes; what a step allocates, too.</summary>
[MemoryDiagnoser]
public class Steps
{
    private CoreStep _step = null!;

    [ParamsSource(nameof(Names))]
    public string Case { get; set; } = "";

    public static IEnumerable<string> Names => ComparisonCase.All.Select(one => one.Name);

    [GlobalSetup]
    public void SetUp() => _step = new CoreStep(new CaseData(ComparisonCase.All.Single(one => one.Name == Case)), lanes: 8);

    [GlobalCleanup]
    public void CleanUp() => _step.Dispose();

    [Benchmark]
    public double Step() => _step.Seconds();
}
