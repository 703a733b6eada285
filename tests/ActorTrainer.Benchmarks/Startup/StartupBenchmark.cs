using System.Diagnostics;
using System.Globalization;
using ActorTrainer.Benchmarks.Comparison;

namespace ActorTrainer.Benchmarks.Startup;

/// <summary>
/// From the start of a process to the first step: `actortrainer train` on a fresh data directory, with actor
/// system, journal, gateway and all, until it tells of step 1.
/// </summary>
internal static class StartupBenchmark
{
    private const int DefaultRuns = 10;

    private const string Job = """
        recipe:
          data:
            binary_addition: {bits: 12, validation_bits: 12, validation_samples: 8}
          model:
            layers:
              - elman: {units: 64}
          training:
            steps: 1
            batch_size: 64
            optimizer: {adam: {}}
            learning_rate: {value: 1e-2, schedule: cosine}
            clip_norm: 1.0
        placement:
          workers: 1

        """;

    /// <param name="args">Programs, which take turns, and `--runs N`.</param>
    public static int Run(string[] args)
    {
        var (programs, runs) = (new List<string>(), DefaultRuns);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--runs" && i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out runs) && runs > 0)
            {
                i++;
            }
            else if (!args[i].StartsWith('-'))
            {
                programs.Add(args[i]);
            }
            else
            {
                programs.Clear();
                break;
            }
        }

        if (programs.Count == 0)
        {
            Console.Error.WriteLine("usage: ... -- startup PROGRAM... [--runs N]   (PROGRAM: a published actortrainer, or an actortrainer.dll)");
            return 2;
        }

        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        try
        {
            var file = Path.Combine(directory, "startup.yaml");
            File.WriteAllText(file, Job);
            Measure(programs, runs, file, directory);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Measure(List<string> programs, int runs, string file, string directory)
    {
        // The first brings the program's files into the memory of the system.
        programs.ForEach(program => FirstStep(program, file, Path.Combine(directory, "warm-up")));
        var seconds = programs.ConvertAll(_ => new List<double>());
        for (var run = 0; run < runs; run++)
        {
            for (var i = 0; i < programs.Count; i++)
            {
                seconds[i].Add(FirstStep(programs[i], file, Path.Combine(directory, "data")));
            }
        }

        Console.WriteLine($"{"ms to the first step",20} {"quartiles",13} {"best",6}  program; {runs} runs, taking turns");
        for (var i = 0; i < programs.Count; i++)
        {
            var of = Quartiles.Of(seconds[i]);
            Console.WriteLine($"{of.Median * 1e3,20:F0} {$"{of.First * 1e3:F0}-{of.Third * 1e3:F0}",13} {seconds[i].Min() * 1e3,6:F0}  {programs[i]}");
        }
    }

    /// <returns>Seconds from the start of the process until it told of the first step.</returns>
    private static double FirstStep(string program, string file, string dataDirectory)
    {
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments = [.. isAssembly ? [program] : Array.Empty<string>(), "train", file, "--data-dir", dataDirectory];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var (told, last) = (double.NaN, "");
        _ = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } line)
        {
            last = line.Length > 0 ? line : last;
            if (double.IsNaN(told) && line.StartsWith("step 1 of", StringComparison.Ordinal))
            {
                told = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
        }

        process.WaitForExit();
        if (process.ExitCode != 0 || double.IsNaN(told))
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}, {(double.IsNaN(told) ? "told of no step" : "told of a step")}, and said last: {last}");
        }

        Directory.Delete(dataDirectory, recursive: true);
        return told;
    }
}
