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

    /// <summary>Connections of others that are held at once; one more is closed at the door.</summary>
    public int MaximumConnections { get; init; } = 512;

    /// <summary>From the first packet to an established connection, on either side.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Within which a peer must have sent or taken some bytes of what is on its way.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What is wrong, one sentence each; empty if nothing is.</summary>
    public ImmutableArray<string> Check(bool encrypted)
    {
        var wrong = ImmutableArray.CreateBuilder<string>();
        Require(Port is >= 0 and <= IPEndPoint.MaxPort, $"The data port is {Port}; it must be from 0 to {IPEndPoint.MaxPort}.");
        Require(MaximumBytesInFlight >= 1, $"The bytes in flight are {MaximumBytesInFlight}; at least 1 must be allowed.");
        Require(MaximumFetches >= 1, $"The fetches at once are {MaximumFetches}; at least 1 must be allowed.");
        Require(MaximumConnections >= 1, $"The connections at once are {MaximumConnections}; at least 1 must be allowed.");
        Require(HandshakeTimeout > TimeSpan.Zero, $"The handshake may take {HandshakeTimeout.TotalSeconds} s; it must be more than 0.");
        Require(StallTimeout > TimeSpan.Zero, $"A transfer may stall for {StallTimeout.TotalSeconds} s; it must be more than 0.");
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

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
