using System.Diagnostics;
using System.Text;

namespace ActorTrainer.EndToEnd.Tests;

/// <summary>The program as a process of its own, as a user starts it.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "actortrainer.dll");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Seen)> _waiting = [];
    private readonly Lock _lines = new();

    private ProgramProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>Ends when the process does, however long that takes.</summary>
    /// <remarks>
    /// One for all who wait: each call of WaitForExitAsync adds itself to an event, two at once may lose one of them, and
    /// who was lost waits for ever.
    /// </remarks>
    public Task Ended { get; }

    /// <summary>Of a process that has ended; 128 + n after signal n.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote so far.</summary>
    public string Output => Text(_output);

    /// <inheritdoc cref="Output"/>
    public string Error => Text(_error);

    public static ProgramProcess Start(params IEnumerable<string> arguments) => Start([], arguments);

    /// <param name="environment">Variables that the process has besides this one's.</param>
    public static ProgramProcess Start((string Name, string Value)[] environment, IEnumerable<string> arguments) =>
        Start([], environment, arguments);

    /// <param name="within">A command that becomes the program, such as "ip netns exec NAME"; empty: none.</param>
    /// <param name="environment">Variables that the process has besides this one's.</param>
    public static ProgramProcess Start(string[] within, (string Name, string Value)[] environment, IEnumerable<string> arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(within is [var command, ..] ? command : host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in (string[])[.. within.Skip(1), .. within.Length > 0 ? [host] : Array.Empty<string>(), Assembly, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("ACTORTRAINER_HOME");
        start.Environment.Remove("ACTORTRAINER_DATA");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        using var program = Start(arguments);
        return (await program.ExitAsync(), program.Output, program.Error);
    }

    /// <summary>Runs it to its end with something on its standard input.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunWithInputAsync(ReadOnlyMemory<byte> input, params IEnumerable<string> arguments)
    {
        using var program = Start(arguments);
        await program._process.StandardInput.BaseStream.WriteAsync(input);
        program._process.StandardInput.Close();
        return (await program.ExitAsync(), program.Output, program.Error);
    }

    /// <summary>The next line, on either stream, that matches.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<string> LineAsync(Func<string, bool> matches)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (Lines().FirstOrDefault(matches) is { } already)
            {
                return already;
            }

            _waiting.Add((matches, seen));
        }

        var ended = ExitAsync();
        return await Task.WhenAny(seen.Task, ended) == seen.Task || seen.Task.IsCompleted
            ? await seen.Task
            : throw new InvalidOperationException($"the program ended with {await ended} before the line came:\n{Error}\n{Output}");
    }

    public async Task<int> ExitAsync()
    {
        try
        {
            await Ended.WaitAsync(Patience);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the program still runs after {Patience}:\n{Error}\n{Output}");
        }
    }

    /// <summary>kill −9: no handler, no farewell.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    /// <summary>Sends a signal by name, as a shell does.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Take(StringBuilder stream, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            stream.Append(line).Append('\n');
            foreach (var waiting in _waiting.Where(waiting => waiting.Matches(line)))
            {
                waiting.Seen.TrySetResult(line);
            }
        }
    }

    private IEnumerable<string> Lines() => (_error.ToString() + _output).Split('\n');

    private string Text(StringBuilder stream)
    {
        lock (_lines)
        {
            return stream.ToString();
        }
    }
}
