using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ActorTrainer.EndToEnd.Tests.Containers;

/// <summary>
/// What an engine gives the services of a compose file, out of a kernel's parts: a network in which each has an
/// address and is found by its name, a namespace for each, and directories for volumes.
/// </summary>
internal sealed class ContainerNetwork : IAsyncDisposable
{
    /// <summary>A bound for hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _home = Directory.CreateTempSubdirectory("actortrainer-compose-").FullName;
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"ac{Environment.ProcessId % 100_000}");
    private readonly Dictionary<string, (string Namespace, string Address)> _places = new(StringComparer.Ordinal);
    private readonly List<(string Name, Process Process, StringBuilder Written)> _running = [];

    private ContainerNetwork()
    {
    }

    /// <summary>Why there are none on this machine; null: there are.</summary>
    public static string? Lacking { get; } =
        !OperatingSystem.IsLinux() ? "network namespaces are Linux's"
        : !Environment.IsPrivilegedProcess ? "only root may make network namespaces"
        : !Directory.Exists("/usr/lib/postgresql") ? "PostgreSQL is not installed in /usr/lib/postgresql"
        : Try();

    /// <param name="network">The first three numbers of the network's addresses.</param>
    /// <param name="names">Of all that are ever started.</param>
    public static async Task<ContainerNetwork> CreateAsync(string network, params IEnumerable<string> names)
    {
        var containers = new ContainerNetwork();
        await RunAsync("ip", "link", "add", containers._id, "type", "bridge");
        await RunAsync("ip", "link", "set", containers._id, "up");
        var number = 10;
        foreach (var name in names)
        {
            await containers.AddAsync(name, $"{network}.{number}", number);
            number++;
        }

        var hosts = string.Concat(containers._places.Select(place => $"{place.Value.Address} {place.Key}\n"));
        foreach (var (place, _) in containers._places.Values)
        {
            Directory.CreateDirectory($"/etc/netns/{place}");
            await File.WriteAllTextAsync($"/etc/netns/{place}/hosts", "127.0.0.1 localhost\n" + hosts);
        }

        return containers;
    }

    /// <summary>The directory that stands for a volume.</summary>
    public string Volume(string name) => Directory.CreateDirectory(Path.Combine(_home, name)).FullName;

    /// <summary>Starts a program in the namespace of this name, and keeps what it writes.</summary>
    public Process Start(string name, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home };
        foreach (var argument in new[] { "netns", "exec", _places[name].Namespace }.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var written = new StringBuilder();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(written, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(written, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _running.Add((name, process, written));
        return process;
    }

    /// <summary>What a process has written so far, both streams.</summary>
    public string Written(Process process)
    {
        var written = _running.Single(one => one.Process == process).Written;
        lock (written)
        {
            return written.ToString();
        }
    }

    /// <summary>Runs one to its end.</summary>
    public async Task<string> RunToEndAsync(string name, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var process = Start(name, command, environment);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}:\n{AllWritten()}");
        return Written(process);
    }

    /// <summary>Waits until a process has written a text.</summary>
    public async Task WroteAsync(Process process, string text)
    {
        var since = Stopwatch.StartNew();
        while (!Written(process).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(!process.HasExited && since.Elapsed < Patience, $"'{text}' was not written:\n{AllWritten()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Of all, for a spec that failed.</summary>
    public string AllWritten() => string.Join('\n', _running.Select(one => $"--- {one.Name}\n{Written(one.Process)}"));

    public static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error.Trim()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process, _) in _running)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        foreach (var (place, _) in _places.Values)
        {
            await RunAsync("ip", "netns", "del", place);
            Directory.Delete($"/etc/netns/{place}", recursive: true);
        }

        await RunAsync("ip", "link", "del", _id);
        Directory.Delete(_home, recursive: true);
    }

    private async Task AddAsync(string name, string address, int number)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{_id}-{number}");
        var (inside, outside) = (string.Create(CultureInfo.InvariantCulture, $"{_id}i{number}"), string.Create(CultureInfo.InvariantCulture, $"{_id}o{number}"));
        await RunAsync("ip", "netns", "add", place);
        _places.Add(name, (place, address));
        await RunAsync("ip", "link", "add", inside, "type", "veth", "peer", "name", outside);
        await RunAsync("ip", "link", "set", outside, "master", _id);
        await RunAsync("ip", "link", "set", outside, "up");
        await RunAsync("ip", "link", "set", inside, "netns", place);
        await RunAsync("ip", "-n", place, "addr", "add", $"{address}/24", "dev", inside);
        await RunAsync("ip", "-n", place, "link", "set", inside, "up");
        await RunAsync("ip", "-n", place, "link", "set", "lo", "up");
    }

    private static void Keep(StringBuilder written, string? line)
    {
        lock (written)
        {
            written.AppendLine(line);
        }
    }

    private static string? Try()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"at{Environment.ProcessId % 100_000}try");
        try
        {
            RunAsync("ip", "netns", "add", name).GetAwaiter().GetResult();
            RunAsync("ip", "netns", "del", name).GetAwaiter().GetResult();
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"network namespaces are not allowed here: {refused.Message}";
        }
    }
}
