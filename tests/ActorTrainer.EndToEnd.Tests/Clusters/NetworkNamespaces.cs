using System.Diagnostics;
using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// A network of this test's own: a bridge with an address on this machine, and a network namespace with
/// an address for each node, which can be cut off from all others and back.
/// </summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private static readonly Lazy<string?> WhyNot = new(Try);

    private readonly string _name;
    private readonly string _network;
    private readonly List<string> _namespaces = [];

    private NetworkNamespaces(string name, string network) => (_name, _network) = (name, network);

    /// <summary>Why there are none on this machine; null: there are.</summary>
    public static string? Lacking => WhyNot.Value;

    /// <summary>The address of this machine in the network.</summary>
    public string Address => $"{_network}.1";

    public static NetworkNamespaces Create()
    {
        var id = Environment.ProcessId % 200;
        var namespaces = new NetworkNamespaces(
            string.Create(CultureInfo.InvariantCulture, $"at{Environment.ProcessId % 100_000}"),
            string.Create(CultureInfo.InvariantCulture, $"10.{77 + (Environment.ProcessId / 200 % 100)}.{id}"));
        try
        {
            Run("ip", "link", "add", namespaces._name, "type", "bridge");
            Run("ip", "addr", "add", $"{namespaces.Address}/24", "dev", namespaces._name);
            Run("ip", "link", "set", namespaces._name, "up");
            return namespaces;
        }
        catch
        {
            namespaces.Dispose();
            throw;
        }
    }

    /// <summary>Another namespace.</summary>
    /// <returns>Its address, and the command that becomes a program within it.</returns>
    public (string Address, string[] Within) Add()
    {
        var number = _namespaces.Count;
        var name = string.Create(CultureInfo.InvariantCulture, $"{_name}-{number}");
        var address = string.Create(CultureInfo.InvariantCulture, $"{_network}.{number + 10}");
        var (inside, outside) = (string.Create(CultureInfo.InvariantCulture, $"{_name}i{number}"), string.Create(CultureInfo.InvariantCulture, $"{_name}o{number}"));
        Run("ip", "netns", "add", name);
        _namespaces.Add(name);
        Run("ip", "link", "add", inside, "type", "veth", "peer", "name", outside);
        Run("ip", "link", "set", outside, "master", _name);
        Run("ip", "link", "set", outside, "up");
        Run("ip", "link", "set", inside, "netns", name);
        Run("ip", "-n", name, "addr", "add", $"{address}/24", "dev", inside);
        Run("ip", "-n", name, "link", "set", inside, "up");
        Run("ip", "-n", name, "link", "set", "lo", "up");
        return (address, ["ip", "netns", "exec", name]);
    }

    /// <summary>Every packet to and from the namespace is dropped; nobody is told, as with a pulled cable.</summary>
    public void Cut(string address)
    {
        foreach (var chain in new[] { "INPUT", "OUTPUT" })
        {
            Run("ip", "netns", "exec", NameOf(address), "iptables", "-A", chain, chain == "INPUT" ? "-s" : "-d", $"{_network}.0/24", "-j", "DROP");
        }
    }

    /// <summary>The cable is plugged in again.</summary>
    public void Heal(string address) => Run("ip", "netns", "exec", NameOf(address), "iptables", "-F");

    public void Dispose()
    {
        foreach (var name in _namespaces)
        {
            TryRun("ip", "netns", "del", name);
        }

        TryRun("ip", "link", "del", _name);
    }

    private string NameOf(string address) =>
        _namespaces[int.Parse(address[(address.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture) - 10];

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "network namespaces are Linux's";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "only root may make network namespaces";
        }

        try
        {
            using var tried = Create();
            var (address, _) = tried.Add();
            tried.Cut(address);
            tried.Heal(address);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"network namespaces are not allowed here: {refused.Message}";
        }
    }

    private static void TryRun(params string[] command)
    {
        try
        {
            Run(command);
        }
        catch (InvalidOperationException)
        {
            // It was not there.
        }
    }

    private static void Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error.Trim()}");
        }
    }
}
