using System.Diagnostics;
using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>A PostgreSQL of this test's own, on a port and in a directory of its own; it can be stopped and started.</summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private const string User = "postgres";

    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private readonly string _directory;
    private readonly string _address;
    private readonly int _port;

    private PostgreSqlServer(string directory, string address, int port) => (_directory, _address, _port) = (directory, address, port);

    /// <summary>Why there is none on this machine; null: there is.</summary>
    public static string? Lacking =>
        !OperatingSystem.IsLinux() ? "PostgreSQL is started on Linux only"
        : Programs is null ? "PostgreSQL is not installed in /usr/lib/postgresql"
        : null;

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host={_address};Port={_port};Username={User};Database=postgres");

    /// <param name="address">What it listens on.</param>
    public static async Task<PostgreSqlServer> StartAsync(string address = "127.0.0.1")
    {
        // PostgreSQL refuses to be root, and its own user may not enter a directory that root has made for itself.
        var directory = (await RunAsync("mktemp", "-d", "/tmp/actortrainer-postgresql-XXXXXX")).Trim();
        await RunAsync(Program("initdb"), "-D", Path.Combine(directory, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync");
        if (address != "127.0.0.1")
        {
            await RunAsync("sh", "-c", $"echo 'host all all 0.0.0.0/0 trust' >> {directory}/data/pg_hba.conf");
        }

        var server = new PostgreSqlServer(directory, address, FreePorts.Next());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>As if its machine had died: it says farewell to nobody.</summary>
    public Task StopAsync() => RunAsync(Program("pg_ctl"), "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w", "stop");

    public Task StartAgainAsync() => RunAsync(
        Program("pg_ctl"), "-D", Path.Combine(_directory, "data"), "-l", Path.Combine(_directory, "log"), "-t", "600", "-w", "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {_port} -c listen_addresses={_address} -c unix_socket_directories=''"), "start");

    public void Dispose()
    {
        try
        {
            StopAsync().GetAwaiter().GetResult();
        }
        catch (InvalidOperationException)
        {
            // It was stopped already.
        }

        RunAsync("rm", "-rf", _directory).GetAwaiter().GetResult();
    }

    private static string Program(string name) => Path.Combine(Programs!, name);

    private static async Task<string> RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(Environment.IsPrivilegedProcess ? "runuser" : command[0])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/tmp",
        };
        foreach (var argument in Environment.IsPrivilegedProcess ? ["-u", User, "--", .. command] : command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;

        // pg_ctl's child keeps the pipe for as long as it lives: its end is not waited for.
        var output = command[0] == "mktemp" ? await process.StandardOutput.ReadToEndAsync() : "";
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
    }
}
