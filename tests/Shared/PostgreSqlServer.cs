using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace ActorTrainer.Tests.Shared;

/// <summary>
/// A PostgreSQL server for specs, from Debian's packages, on a free port of loopback and in a directory that goes
/// with it. It ends with this process, however this process ends.
/// </summary>
/// <remarks>PostgreSQL refuses to run as root: then it is run as the user that Debian's package makes.</remarks>
public sealed class PostgreSqlServer : IDisposable
{
    /// <summary>Of every server of the specs.</summary>
    public const string User = "actortrainer";

    private const string DebianUser = "postgres";

    private static readonly Lazy<(PostgreSqlServer? Server, string? Reason)> ForAll = new(StartForAll);

    private readonly string _root;
    private readonly Process _keeper;
    private int _databases;

    private PostgreSqlServer(string root, string password, int port)
    {
        (_root, Password, Port) = (root, password, port);

        // A shell that waits for the end of its input, which comes when this process ends, and then clears up.
        _keeper = Process.Start(Command(
            "/bin/sh",
            ["-c", """cat >/dev/null; "$1"/pg_ctl -D "$2"/data -m immediate -w stop >/dev/null 2>&1; rm -rf "$2" """, "sh", Binaries!, root],
            input: true))!;
    }

    /// <summary>The one of this test run.</summary>
    /// <exception cref="InvalidOperationException">There is none: see <see cref="Missing"/>.</exception>
    public static PostgreSqlServer Shared => ForAll.Value.Server ?? throw new InvalidOperationException(Missing);

    /// <summary>Why no PostgreSQL can be started here; null if one can.</summary>
    public static string? Missing => ForAll.Value.Reason;

    public string Password { get; }

    public int Port { get; }

    private static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "pg_ctl")))
        : null;

    /// <summary>A server of one's own, to be stopped and started.</summary>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static PostgreSqlServer Start()
    {
        var root = Directory.CreateTempSubdirectory("actortrainer-postgresql-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var passwordFile = Path.Combine(root, "password");
        File.WriteAllText(passwordFile, password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("/bin/chown", ["-R", DebianUser, root], asRoot: true);
        }

        Run(Path.Combine(Binaries!, "initdb"), ["-D", Path.Combine(root, "data"), "-A", "scram-sha-256", "-U", User, "--pwfile", passwordFile, "-E", "UTF8", "--no-locale"]);
        var server = new PostgreSqlServer(root, password, FreePort());
        try
        {
            server.StartAgain();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public string NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"specs_{Interlocked.Increment(ref _databases)}");
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}");

    /// <summary>Takes the server away as a power cut would; what was committed stays.</summary>
    public void Stop() => Control("-m", "immediate", "-w", "stop");

    /// <summary>Brings it back on the same port.</summary>
    /// <remarks>Every spec has a database, and so a pool, of its own; the connections of those that are over stay open for minutes.</remarks>
    public void StartAgain() => Control(
        "-w", "-t", "600", "-l", Path.Combine(_root, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"-h 127.0.0.1 -p {Port} -k {_root} -c max_connections=1000"), "start");

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }

    private static (PostgreSqlServer? Server, string? Reason) StartForAll()
    {
        if (Binaries is null)
        {
            return (null, "PostgreSQL is not here (Debian: postgresql)");
        }

        try
        {
            return (Start(), null);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or NpgsqlException or Win32Exception)
        {
            return (null, $"PostgreSQL cannot be started here: {failure.Message}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Control(params string[] arguments) => Run(Path.Combine(Binaries!, "pg_ctl"), ["-D", Path.Combine(_root, "data"), .. arguments]);

    private static void Run(string program, string[] arguments, bool asRoot = false)
    {
        using var process = Process.Start(Command(program, arguments, asRoot: asRoot))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {error.Result}");
        }
    }

    private static ProcessStartInfo Command(string program, string[] arguments, bool input = false, bool asRoot = false)
    {
        string[] command = Environment.IsPrivilegedProcess && !asRoot
            ? ["/usr/sbin/runuser", "-u", DebianUser, "--", program, .. arguments]
            : [program, .. arguments];
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = !input,
            RedirectStandardError = !input,
            WorkingDirectory = "/",
        };
    }
}
