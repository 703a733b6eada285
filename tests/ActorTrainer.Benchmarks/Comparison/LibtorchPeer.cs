using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>
/// The peer: a process of its own that holds one model and answers one step at a time. It is a project
/// outside the solution (tests/ActorTrainer.Benchmarks.Libtorch), since libtorch is 600 MB and not for every machine.
/// </summary>
internal sealed class LibtorchPeer : IDisposable
{
    /// <summary>Names the command that starts the peer, if it is not the built project.</summary>
    public const string Variable = "ACTORTRAINER_LIBTORCH_PEER";

    private const string Project = "ActorTrainer.Benchmarks.Libtorch";

    private readonly Process _process;

    private LibtorchPeer(Process process) => _process = process;

    /// <summary>Starts a peer that has taken a model.</summary>
    /// <param name="command">Null: the variable's, else the built project's.</param>
    /// <param name="reason">Why there is none.</param>
    /// <returns>Null: there is none.</returns>
    public static LibtorchPeer? TryStart(string? command, CaseData data, out string reason)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = [.. (command ?? Environment.GetEnvironmentVariable(Variable) ?? $"dotnet {BuiltProject()}").Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        start.FileName = words[0];
        foreach (var word in words[1..])
        {
            start.ArgumentList.Add(word);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            reason = $"{words[0]}: {failure.Message}";
            return null;
        }

        var said = process.StandardError.ReadToEndAsync();
        var peer = new LibtorchPeer(process);
        try
        {
            var input = process.StandardInput.BaseStream;
            JsonSerializer.Serialize(input, data.Case.Model);
            input.WriteByte((byte)'\n');
            data.WriteTo(input);
            if (process.StandardOutput.ReadLine() == PeerModel.Ready)
            {
                reason = "";
                return peer;
            }
        }
        catch (IOException)
        {
            // It ended before it had read everything.
        }

        peer.Dispose();
        var lines = said.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        reason = lines.FirstOrDefault(line => line.Contains("GLIBC", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? $"{string.Join(' ', words)} ended with {process.ExitCode}";
        return null;
    }

    /// <summary>Mean loss of the batch under the current weights, without dropout.</summary>
    public double Loss() => Ask(PeerModel.Loss);

    /// <returns>Seconds that one training step took.</returns>
    public double Seconds() => Ask(PeerModel.Step);

    /// <returns>Bytes by which its process grew at most, from its idle self on, over the steps.</returns>
    public double Bytes() => Ask(PeerModel.Memory);

    /// <summary>The end of its input asks it to end.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private double Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"the peer has ended instead of answering {question}");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <summary>Beside this project's own output: …/tests/Project/bin/Release/net10.0/.</summary>
    private static string BuiltProject()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = own.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(tests, Project, "bin", own.Parent.Name, own.Name, $"{Project}.dll");
    }
}
