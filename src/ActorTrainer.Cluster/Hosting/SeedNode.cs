using System.Globalization;
using System.Net;
using Akka.Actor;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>A node that another one is told to join by: host and port, as it calls itself.</summary>
internal sealed record SeedNode(string Host, int Port)
{
    /// <returns>Null if it is not host:port.</returns>
    public static SeedNode? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort
                ? new SeedNode(text[..colon], port)
                : null;
    }

    /// <param name="self">The address of this node, whose protocol (with TLS or without) all nodes of a cluster share.</param>
    public Address ToAddress(Address self) => new(self.Protocol, self.System, Host, Port);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
