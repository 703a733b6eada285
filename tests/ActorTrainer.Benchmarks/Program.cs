using ActorTrainer.Benchmarks.Checkpoints;
using ActorTrainer.Benchmarks.Comparison;
using ActorTrainer.Benchmarks.Coordination;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Benchmarks.Kernels;
using ActorTrainer.Benchmarks.LargeModel;
using ActorTrainer.Benchmarks.Networks;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Benchmarks.Startup;
using ActorTrainer.Benchmarks.Suite;
using ActorTrainer.Benchmarks.Transfer;

// The first argument names what to measure; the rest belong to it.
switch (args.FirstOrDefault())
{
    case "kernels":
        return KernelBenchmarks.Run(args[1..]);
    case "step":
        return StepBenchmark.Run();
    case "compare":
        return await CompareBenchmark.RunAsync(args[1..]);
    case OurProcess.Command:
        return OurProcess.Run(args[1..]);
    case "startup":
        return StartupBenchmark.Run(args[1..]);
    case "bdn":
        return BenchmarkSuite.Run(args[1..]);
    case "distribution":
        return await DistributionBenchmark.RunAsync(args[1..]);
    case "one-worker":
        return await OneWorkerBenchmark.RunAsync(args[1..]);
    case "coordination":
        return await CoordinationBenchmark.RunAsync(args[1..]);
    case "processes":
        return await ProcessesBenchmark.RunAsync(args[1..]);
    case "checkpoints":
        return await CheckpointsBenchmark.RunAsync(args[1..]);
    case "large-model":
        return await LargeModelBenchmark.RunAsync(args[1..]);
    case "bulk":
        return await BulkBenchmark.RunAsync();
    case BulkPeer.Command:
        return await BulkPeer.RunAsync(args[1]);
    default:
        Console.Error.WriteLine("usage: dotnet run --project tests/ActorTrainer.Benchmarks -- kernels [512|256|128]... | step | compare [ROW]... | startup PROGRAM... | bdn [--filter GLOB] | distribution [-o json] | one-worker [b|c|f]... | coordination | processes | bulk | checkpoints | large-model");
        return 2;
}
