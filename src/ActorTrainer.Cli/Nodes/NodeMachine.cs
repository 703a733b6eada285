using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace ActorTrainer.Cli.Nodes;

/// <summary>What a machine, or a container, is called by others.</summary>
/// <param name="Addresses">IP addresses of its network interfaces that are up.</param>
internal sealed record NodeMachine(string Name, ImmutableArray<IPAddress> Addresses)
{
    public static NodeMachine OfProcess() => new(
        Dns.GetHostName(),
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(one => one.OperationalStatus != OperationalStatus.Down)
                .SelectMany(one => one.GetIPProperties().UnicastAddresses)
                .Select(one => one.Address),
        ]);
}
