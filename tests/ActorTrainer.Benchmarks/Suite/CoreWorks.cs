using ActorTrainer.Benchmarks.Comparison;
using BenchmarkDotNet.Attributes;

namespace ActorTrainer.Benchmarks.Suite;

/// <summary>Products and weight gradients, and the functions at the size of `compare`.</summary>
public class CoreWorks
{
    private Action _run = () => { };

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names => CoreWork.All.Select(work => work.Name);

    [GlobalSetup]
    public void SetUp() => _run = CoreWork.All.Single(work => work.Name == Name).Create().Run;

    [Benchmark]
    public void Run() => _run();
}
