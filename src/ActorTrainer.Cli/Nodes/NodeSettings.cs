using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Nodes;

/// <summary>What a node's process is told at its start.</summary>
/// <param name="Gateway">Null where the node has none.</param>
internal sealed record NodeSettings(NodeOptions Node, GatewayOptions? Gateway)
{
    public const string Roles = "--roles";
    public const string SeedNodes = "--seed-nodes";
    public const string Listen = "--listen";
    public const string DataListen = "--data-listen";
    public const string PublicHost = "--public-host";
    public const string GatewayListen = "--gateway-listen";
    public const string Database = "--database";
    public const string DatabaseFile = "--database-file";
    public const string Tls = "--tls";
    public const string Insecure = "--insecure";
    public const string TokenFile = "--token-file";
    public const string Threads = "--threads";
    public const string DataDirectory = "--data-dir";

    /// <summary>How long a leaving node takes at most; whoever supervises it should wait a little longer.</summary>
    public const int StopSeconds = 8;

    /// <param name="machine">Where the node is to run.</param>
    /// <exception cref="UsageException">With everything that is wrong, a sentence each.</exception>
    public static NodeSettings Read(SettingSource source, NodeMachine machine)
    {
        var reader = new Reader(source);
        var roles = reader.List(Roles) ?? NodeOptions.AllRoles;
        var listen = reader.Place(Listen) ?? new Place("127.0.0.1", 0);
        var data = reader.Place(DataListen) ?? new Place(listen.Host, 0);
        var publicHost = reader.PublicHost(machine) ?? (IsWildcard(listen.Host) ? machine.Name : listen.Host);
        var tls = source.Get(Tls);
        var insecure = reader.Flag(Insecure);
        var options = new NodeOptions
        {
            DataDirectory = source.Get(DataDirectory) ?? DataHome.Of(null).Path,
            Roles = roles,
            SeedNodes = reader.List(SeedNodes) ?? [],
            ClusterHost = publicHost,
            ListenHost = listen.Host,
            ClusterPort = listen.Port,
            DataListenHost = data.Host,
            DataPort = data.Port,
            DatabaseConnection = roles.Contains(NodeOptions.ServerRole) || source.IsOption(Database) || source.IsOption(DatabaseFile)
                ? reader.TextOrFile(Database, DatabaseFile)
                : null,
            TlsDirectory = tls,
            Insecure = insecure,
            ComputeThreads = reader.Number(Threads) ?? Environment.ProcessorCount,
            StopTimeoutSeconds = StopSeconds,
        };
        reader.Wrong.AddRange(options.Check());
        var gateway = ReadGateway(reader, source, options);
        return reader.Wrong.Count == 0 ? new NodeSettings(options, gateway) : throw new UsageException(reader.Wrong.ToImmutable());
    }

    private static GatewayOptions? ReadGateway(Reader reader, SettingSource source, NodeOptions node)
    {
        var isGateway = node.Roles.Contains(NodeOptions.GatewayRole);
        foreach (var name in new[] { GatewayListen, TokenFile })
        {
            if (!isGateway && source.IsOption(name))
            {
                reader.Wrong.Add($"{name} is for a gateway, and the roles are {string.Join(", ", node.Roles)}.");
            }
        }

        if (!isGateway)
        {
            return null;
        }

        var place = reader.Place(GatewayListen);
        var host = place?.Host ?? "127.0.0.1";
        if (!IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out var address))
        {
            reader.Wrong.Add($"{source.NameOf(GatewayListen)} is '{host}'; the gateway listens on an IP address, such as 0.0.0.0:7700.");
            return null;
        }

        if (!IPAddress.IsLoopback(address) && node.TlsDirectory is null && !node.Insecure)
        {
            reader.Wrong.Add($"{source.NameOf(GatewayListen)} is {host}, which other machines can reach, without TLS: name the node's certificates with {Tls}, or say {Insecure}.");
        }

        return new GatewayOptions { Address = address, Port = place?.Port ?? 0, Insecure = node.Insecure, TokenFile = source.Get(TokenFile) };
    }

    private static bool IsWildcard(string host) =>
        IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private sealed record Place(string Host, int Port);

    /// <summary>Reads one setting after the other and keeps what is wrong with them.</summary>
    private sealed class Reader(SettingSource source)
    {
        public ImmutableArray<string>.Builder Wrong { get; } = ImmutableArray.CreateBuilder<string>();

        public ImmutableArray<string>? List(string name) =>
            source.Get(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();

        public Place? Place(string name)
        {
            if (source.Get(name) is not { } text)
            {
                return null;
            }

            var colon = text.LastIndexOf(':');
            var host = colon > 0 ? text[..colon].Trim('[', ']') : "";
            if (host.Length > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
            {
                return new Place(host, port);
            }

            Wrong.Add($"{source.NameOf(name)} is '{text}'; it takes an address and a port, such as 0.0.0.0:7701.");
            return null;
        }

        public int? Number(string name)
        {
            if (source.Get(name) is not { } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            Wrong.Add($"{source.NameOf(name)} is '{text}'; it takes a number.");
            return null;
        }

        /// <summary>A name, or this machine's own address in a network: workers that are many and alike are given the same setting.</summary>
        public string? PublicHost(NodeMachine machine)
        {
            var text = source.Get(NodeSettings.PublicHost);
            if (text is null || !IPNetwork.TryParse(text, out var network))
            {
                return text;
            }

            if (machine.Addresses.FirstOrDefault(network.Contains) is { } own)
            {
                return own.ToString();
            }

            Wrong.Add($"{source.NameOf(NodeSettings.PublicHost)} is the network {text}, and none of this machine's addresses is in it: {string.Join(", ", machine.Addresses)}.");
            return null;
        }

        public bool Flag(string name)
        {
            var text = source.Get(name);
            if (text is null or "true" or "false")
            {
                return text == "true";
            }

            Wrong.Add($"{source.NameOf(name)} is '{text}'; it is true or false.");
            return false;
        }

        /// <summary>A secret, itself or in a file.</summary>
        public string? TextOrFile(string name, string fileName)
        {
            var (text, file) = (source.Get(name), source.Get(fileName));
            if (file is null)
            {
                return text;
            }

            if (text is not null)
            {
                Wrong.Add($"{source.NameOf(name)} and {source.NameOf(fileName)} are both given; it can be only one of the two.");
                return text;
            }

            try
            {
                return File.ReadAllText(file).Trim();
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                Wrong.Add($"{source.NameOf(fileName)} cannot be read: {unreadable.Message}");
                return null;
            }
        }
    }
}
