using ActorTrainer.Benchmarks.Kernels;

// The first argument names what to measure; the rest belong to it.
switch (args.FirstOrDefault())
{
    case "kernels":
        return KernelBenchmarks.Run(args[1..]);
    default:
        Console.Error.WriteLine("usage: dotnet run --project tests/ActorTrainer.Benchmarks -- kernels [512|256|128]...");
        return 2;
}
