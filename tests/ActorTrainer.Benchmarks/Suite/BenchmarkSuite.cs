using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ActorTrainer.Benchmarks.Suite;

/// <summary>BenchmarkDotNet over every kernel; a short job in this process unless its own options say otherwise.</summary>
internal static class BenchmarkSuite
{
    /// <param name="args">BenchmarkDotNet's: `--filter '*Exp*'`, `--list flat`, …; all benchmarks without a filter.</param>
    public static int Run(string[] args)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        var chosen = args.Length == 0 ? ["--filter", "*"] : args;
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkSuite).Assembly).Run(chosen, config);
        return 0;
    }
}
