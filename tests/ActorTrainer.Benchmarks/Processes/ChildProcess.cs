using System.Diagnostics;

namespace ActorTrainer.Benchmarks.Processes;

/// <summary>A process that is told and tells lines of text: mostly this program once more.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What a child says first.</summary>
    public const string Ready = "ready";

    private ChildProcess(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>Starts it, and waits until it is ready.</summary>
    public static Task<ChildProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return StartAsync(start);
    }

    /// <summary>Starts another program that keeps the same conversation, and waits until it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var child = new ChildProcess(Process.Start(start)!);
        var first = await child.ReadAsync();
        return first == Ready
            ? child
            : throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} said {first} instead of {Ready}");
    }

    public async Task TellAsync(string line)
    {
        await Process.StandardInput.WriteLineAsync(line);
        await Process.StandardInput.FlushAsync();
    }

    public async Task<string> ReadAsync() => await Process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("a process of this benchmark has ended; what it wrote to the error stream says why");

    /// <summary>The end of its input asks it to end.</summary>
    public void Dispose()
    {
        Process.StandardInput.Close();
        Process.WaitForExit();
        Process.Dispose();
    }
}
