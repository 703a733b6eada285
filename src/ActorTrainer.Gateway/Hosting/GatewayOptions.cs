using System.Net;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>Settings of a node's gateway. Every one has a bound, and who exceeds it is told which.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where to listen. Beyond loopback only if the node has certificates, or with <see cref="Insecure"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Listen beyond loopback without TLS: whoever reaches the network can read tokens and data.</summary>
    public bool Insecure { get; init; }

    /// <summary>A secret of at least 32 characters that clients must show; null: the node makes a token in its data directory.</summary>
    public string? TokenFile { get; init; }

    /// <summary>0: any port that is free; <see cref="RunningGateway.Endpoint"/> and the endpoint file name it.</summary>
    public int Port { get; init; }

    /// <summary>Calls that run at once on one connection; the HTTP/2 peer waits with more.</summary>
    public int MaxStreamsPerConnection { get; init; } = 100;

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Bytes of one request message. A job's spec and a 64 KiB chunk fit many times.</summary>
    public int MaxRequestBytes { get; init; } = 256 * 1024;

    /// <summary>Uploads at once.</summary>
    public int MaxUploads { get; init; } = 4;

    /// <summary>Longest wait for the next chunk of an upload, so that a stalled one does not keep its slot.</summary>
    public double UploadStallSeconds { get; init; } = 60;

    /// <summary>Generations at once; each keeps a core busy.</summary>
    public int MaxGenerations { get; init; } = 2;

    /// <summary>Predictions at once; each keeps a core busy, and its data in memory.</summary>
    public int MaxPredictions { get; init; } = 2;

    /// <summary>Bytes of the data of one prediction.</summary>
    public long MaxPredictionBytes { get; init; } = 64L << 20;

    /// <summary>Bytes, of pictures that are compressed, once they are not.</summary>
    public long MaxInflatedPredictionBytes { get; init; } = 256L << 20;

    /// <summary>Numbers of the data of one prediction.</summary>
    public long MaxPredictionValues { get; init; } = 32L << 20;

    /// <summary>Evaluations at once; each keeps a core busy, and the data of its job in memory.</summary>
    public int MaxEvaluations { get; init; } = 2;

    /// <summary>Data sets that are looked into at once; each keeps a core busy.</summary>
    public int MaxDescriptions { get; init; } = 2;

    /// <summary>Watches at once.</summary>
    public int MaxWatches { get; init; } = 256;

    /// <summary>
    /// Step events kept for a watcher that reads slowly; beyond it the older ones are left out. As many as
    /// a job keeps for those who come back (4,096), so that nobody misses a step by coming back.
    /// </summary>
    public int MaxWaitingSteps { get; init; } = 4_608;

    /// <summary>Events kept for a watcher that it must not miss; beyond it the watch ends, to be taken up again.</summary>
    public int MaxWaitingEvents { get; init; } = 4_608;

    /// <summary>Longest wait for the registry's answer.</summary>
    public double RegistryTimeoutSeconds { get; init; } = 30;

    /// <summary>Longest wait for a pause, which answers when its checkpoint is durable.</summary>
    public double PauseTimeoutSeconds { get; init; } = 600;

    /// <summary>Silence after which a watch asks the registry again.</summary>
    public double WatchAgainSeconds { get; init; } = 1;

    /// <summary>How long a stopping gateway waits for its calls to end.</summary>
    public double StopSeconds { get; init; } = 3;
}
