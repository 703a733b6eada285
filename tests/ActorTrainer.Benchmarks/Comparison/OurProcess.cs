using System.Globalization;
using ActorTrainer.Benchmarks.Processes;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>Our step in a fresh process of its own, which answers the questions that the peer answers.</summary>
internal static class OurProcess
{
    public const string Command = "compare-ours";

    /// <param name="args">Name of the case, and lanes.</param>
    public static int Run(string[] args)
    {
        ProcessMemory.ForgetPeak();
        var idle = ProcessMemory.Resident;
        var one = ComparisonCase.All.Single(one => one.Name == args[0]);
        using var step = new CoreStep(new CaseData(one), int.Parse(args[1], CultureInfo.InvariantCulture));
        ProcessMemory.ForgetPeak();
        Console.WriteLine(ChildProcess.Ready);
        while (Console.ReadLine() is { } question)
        {
            var answer = question switch
            {
                PeerModel.Step => step.Seconds(),
                PeerModel.Memory => ProcessMemory.Peak - idle,
                _ => throw new InvalidDataException($"{question} is no question"),
            };
            Console.WriteLine(answer.ToString("R", CultureInfo.InvariantCulture));
        }

        return 0;
    }
}
