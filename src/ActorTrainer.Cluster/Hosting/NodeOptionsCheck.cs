using System.Collections.Immutable;
using System.Net;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>What can be wrong with a node's settings, all at once and a sentence each.</summary>
internal static class NodeOptionsCheck
{
    public static ImmutableArray<string> Of(NodeOptions options) =>
    [
        .. OfPlaces(options),
        .. OfSecrecy(options),
        .. OfSizes(options),
        .. OfRoles(options),
        .. OfSeeds(options),
    ];

    private static IEnumerable<string> OfPlaces(NodeOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            yield return "The data directory is empty; name a directory.";
        }

        if (!IsHost(options.ClusterHost))
        {
            yield return $"The cluster host is \"{options.ClusterHost}\"; it must be a host name or an IP address.";
        }
        else if (IPAddress.TryParse(options.ClusterHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            yield return $"The cluster host is {options.ClusterHost}, by which nobody can call this node; listen there, and name the host as others know it.";
        }

        foreach (var listen in new[] { options.ListenHost, options.DataListenHost }.OfType<string>().Distinct().Where(host => !IsHost(host)))
        {
            yield return $"The address to listen on is \"{listen}\"; it must be a host name or an IP address.";
        }

        if (options.ClusterPort is < 0 or > IPEndPoint.MaxPort)
        {
            yield return $"The cluster port is {options.ClusterPort}; it must be from 0 (any free one) to {IPEndPoint.MaxPort}.";
        }

        if (options.DataPort is < 0 or > IPEndPoint.MaxPort)
        {
            yield return $"The data port is {options.DataPort}; it must be from 0 (any free one) to {IPEndPoint.MaxPort}.";
        }

        if (options.DataPort != 0 && options.DataPort == options.ClusterPort)
        {
            yield return $"The cluster port and the data port are both {options.DataPort}; they must differ.";
        }
    }

    private static IEnumerable<string> OfSecrecy(NodeOptions options)
    {
        if (options.TlsDirectory is not null)
        {
            if (options.Insecure)
            {
                yield return "There is a TLS directory and the node is to be insecure; it can be only one of the two.";
            }
        }
        else if (!options.Insecure)
        {
            foreach (var host in new[] { options.EffectiveListenHost, options.EffectiveDataListenHost }.Distinct().Where(host => IsHost(host) && !IsLoopback(host)))
            {
                yield return $"The node is to listen on {host}, which other machines can reach, without TLS: "
                    + "name a directory with its certificates (actortrainer certs init makes them), or say that it may be insecure.";
            }
        }
    }

    private static IEnumerable<string> OfSizes(NodeOptions options)
    {
        if (options.ComputeThreads < 1 || options.ComputeThreads > Environment.ProcessorCount)
        {
            yield return $"There are {options.ComputeThreads} compute threads; it must be from 1 to the {Environment.ProcessorCount} cores of this machine.";
        }

        if (!Enum.IsDefined(options.Width))
        {
            yield return $"The vectors have {(int)options.Width} bits; it must be 128, 256 or 512.";
        }

        if (options.MaximumBlobBytes < 1)
        {
            yield return $"The largest data set is {options.MaximumBlobBytes} bytes; it must be at least 1.";
        }

        if (options.StopTimeoutSeconds is < 1 or > 600)
        {
            yield return $"The stop timeout is {options.StopTimeoutSeconds} s; it must be from 1 to 600.";
        }
    }

    private static IEnumerable<string> OfRoles(NodeOptions options)
    {
        if (options.Roles.IsDefaultOrEmpty || options.Roles.Any(role => !NodeOptions.AllRoles.Contains(role)) || options.Roles.Distinct().Count() != options.Roles.Length)
        {
            yield return $"The roles are [{string.Join(", ", options.Roles.IsDefault ? [] : options.Roles)}]; "
                + $"each must be {NodeOptions.ServerRole}, {NodeOptions.GatewayRole} or {NodeOptions.WorkerRole}, once, and there must be one.";
        }
        else if (options.DatabaseConnection is not null && !options.Roles.Contains(NodeOptions.ServerRole))
        {
            yield return "A database is named, and the node is no server: only servers have one.";
        }

        if (options.DatabaseConnection is not null && string.IsNullOrWhiteSpace(options.DatabaseConnection))
        {
            yield return "The database connection is empty; name a PostgreSQL database, or none for SQLite in the data directory.";
        }
    }

    private static IEnumerable<string> OfSeeds(NodeOptions options)
    {
        if (options.SeedNodes.IsDefaultOrEmpty && !options.Roles.IsDefaultOrEmpty && !options.Roles.Contains(NodeOptions.ServerRole))
        {
            yield return "The node is no server and no seed nodes are named; name servers to join.";
        }

        foreach (var seed in options.SeedNodes.IsDefault ? [] : options.SeedNodes)
        {
            if (SeedNode.TryParse(seed) is null)
            {
                yield return $"The seed node is \"{seed}\"; it must be host:port, as that node calls itself.";
            }
        }
    }

    private static bool IsHost(string host) => !string.IsNullOrWhiteSpace(host) && Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
