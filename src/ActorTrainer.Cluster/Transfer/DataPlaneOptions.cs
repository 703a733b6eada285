using System.Collections.Immutable;
using System.Net;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>Where a node's data plane listens and what bounds it.</summary>
public sealed record DataPlaneOptions
{
    /// <summary>Address to bind to, or a name of it. Beyond loopback only with trust or <see cref="Insecure"/>.</summary>
    public string ListenHost { get; init; } = "127.0.0.1";

    /// <summary>0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Bind beyond loopback without TLS: whoever reaches the port can then read and alter what is on its way.</summary>
    public bool Insecure { get; init; }

    /// <summary>Bytes that are asked for and have not come yet, over all peers; what is asked for beyond waits its turn.</summary>
    public long MaximumBytesInFlight { get; init; } = 256L << 20;

    /// <summary>Fetches that are under way or wait for their turn; one more is refused.</summary>
    public int MaximumFetches { get; init; } = 4096;

    /// <summary>Peers that are fetched from or kept; one more is refused.</summary>
    public int MaximumPeers { get; init; } = 512;

    /// <summary>Connections of others that are held at once; one more is closed at the door.</summary>
    public int MaximumConnections { get; init; } = 512;

    /// <summary>Connections of others that have not said yet who they are; one more is closed at the door.</summary>
    public int MaximumHandshakes { get; init; } = 64;

    /// <summary>From the first packet to an established connection, on either side.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Within which a peer must have sent or taken the next bytes of what is on its way.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After which a silent connection is closed by who is called. The caller says every quarter of it that it lives if the
    /// peer is kept, and otherwise lets go after half of it.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a kept peer that cannot be reached is tried again.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is wrong, one sentence each; empty if nothing is.</summary>
    /// <param name="encrypted">Whether the node has its certificates.</param>
    public ImmutableArray<string> Check(bool encrypted)
    {
        var wrong = ImmutableArray.CreateBuilder<string>();
        Require(Port is >= 0 and <= IPEndPoint.MaxPort, $"The data port is {Port}; it must be from 0 to {IPEndPoint.MaxPort}.");
        Require(MaximumBytesInFlight >= 1, $"The bytes in flight are {MaximumBytesInFlight}; at least 1 must be allowed.");
        Require(MaximumFetches >= 1, $"The fetches at once are {MaximumFetches}; at least 1 must be allowed.");
        Require(MaximumPeers >= 1, $"The peers of the data plane are {MaximumPeers}; at least 1 must be allowed.");
        Require(MaximumConnections >= 1, $"The connections at once are {MaximumConnections}; at least 1 must be allowed.");
        Require(MaximumHandshakes >= 1, $"The handshakes at once are {MaximumHandshakes}; at least 1 must be allowed.");
        Require(HandshakeTimeout > TimeSpan.Zero, $"The handshake may take {HandshakeTimeout.TotalSeconds} s; it must be more than 0.");
        Require(StallTimeout > TimeSpan.Zero, $"A transfer may stall for {StallTimeout.TotalSeconds} s; it must be more than 0.");
        Require(IdleTimeout > TimeSpan.Zero, $"A connection may be silent for {IdleTimeout.TotalSeconds} s; it must be more than 0.");
        Require(ReconnectFor >= TimeSpan.Zero, $"A lost peer is tried for {ReconnectFor.TotalSeconds} s; it must not be less than 0.");
        Require(
            encrypted || Insecure || IsLoopback(ListenHost),
            $"The data plane would listen on {ListenHost} without TLS; give the node its certificates, listen on loopback, or say insecure.");
        return wrong.ToImmutable();

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                wrong.Add(otherwise);
            }
        }
    }

    /// <summary>The address of <see cref="ListenHost"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It is a name that nobody knows.</exception>
    internal IPAddress Address() =>
        IPAddress.TryParse(ListenHost, out var address) ? address
        : ListenHost == Localhost ? IPAddress.Loopback
        : Dns.GetHostAddresses(ListenHost)[0];

    private const string Localhost = "localhost";

    private static bool IsLoopback(string host) =>
        host == Localhost || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
