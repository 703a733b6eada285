using System.Collections.Immutable;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Numerics;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>The settings of one node, checked at its start.</summary>
public sealed record NodeOptions
{
    /// <summary>Holds parameter shards, checkpoints and the registry.</summary>
    public const string ServerRole = "server";

    /// <summary>Computes gradients.</summary>
    public const string WorkerRole = "worker";

    /// <summary>Everything the node keeps: made with mode 0700, used by one node at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What other nodes reach this one by; loopback unless said otherwise.</summary>
    public string ClusterHost { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the cluster; 0: any free one.</summary>
    public int ClusterPort { get; init; }

    /// <summary>Of <see cref="ServerRole"/> and <see cref="WorkerRole"/>, at least one.</summary>
    public ImmutableArray<string> Roles { get; init; } = [ServerRole, WorkerRole];

    /// <summary>Nodes to join, each akka.tcp://actortrainer@host:port; empty: this node is a cluster of its own.</summary>
    public ImmutableArray<string> SeedNodes { get; init; } = [];

    /// <summary>
    /// PostgreSQL's, as Npgsql takes it, which several server nodes share; null: a SQLite file in the data
    /// directory, for exactly one server node. Holds a password: never to be logged.
    /// </summary>
    public string? DatabaseConnection { get; init; }

    /// <summary>Threads that compute gradients on this node, from 1 to its cores.</summary>
    public int ComputeThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bits of the vectors to compute with: the widest there are, unless another is to be tried. Cannot touch a bit of a result.</summary>
    public VectorWidth Width { get; init; } = VectorWidths.Widest;

    /// <summary>Largest data set the node takes. Default 16 GiB.</summary>
    public long MaximumBlobBytes { get; init; } = 16L << 30;

    /// <summary>How long <see cref="TrainingNode.StopAsync"/> waits for running jobs and the cluster before it lets go.</summary>
    public int StopTimeoutSeconds { get; init; } = 30;

    /// <summary>The node's database; that of a node without <see cref="ServerRole"/> is none.</summary>
    /// <exception cref="NodeStartException">The connection string is none.</exception>
    internal Database DatabaseIn(DataDirectory directory) =>
        !Roles.Contains(ServerRole) ? Database.None
        : DatabaseConnection is null ? Database.Sqlite(directory.Database)
        : Database.PostgreSql(DatabaseConnection);

    /// <summary>Everything that is wrong with these settings, a sentence each; empty if nothing is.</summary>
    public ImmutableArray<string> Check()
    {
        var wrong = ImmutableArray.CreateBuilder<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory))
        {
            wrong.Add("The data directory is empty; name a directory.");
        }

        if (string.IsNullOrWhiteSpace(ClusterHost) || Uri.CheckHostName(ClusterHost) == UriHostNameType.Unknown)
        {
            wrong.Add($"The cluster host is \"{ClusterHost}\"; it must be a host name or an IP address.");
        }

        if (ClusterPort is < 0 or > 65535)
        {
            wrong.Add($"The cluster port is {ClusterPort}; it must be from 0 (any free one) to 65535.");
        }

        if (ComputeThreads < 1 || ComputeThreads > Environment.ProcessorCount)
        {
            wrong.Add($"There are {ComputeThreads} compute threads; it must be from 1 to the {Environment.ProcessorCount} cores of this machine.");
        }

        if (!Enum.IsDefined(Width))
        {
            wrong.Add($"The vectors have {(int)Width} bits; it must be 128, 256 or 512.");
        }

        if (MaximumBlobBytes < 1)
        {
            wrong.Add($"The largest data set is {MaximumBlobBytes} bytes; it must be at least 1.");
        }

        if (StopTimeoutSeconds is < 1 or > 600)
        {
            wrong.Add($"The stop timeout is {StopTimeoutSeconds} s; it must be from 1 to 600.");
        }

        if (Roles.IsDefaultOrEmpty || Roles.Any(role => role is not (ServerRole or WorkerRole)))
        {
            wrong.Add($"The roles are [{string.Join(", ", Roles.IsDefault ? [] : Roles)}]; each must be {ServerRole} or {WorkerRole}, and there must be one.");
        }

        foreach (var seed in SeedNodes.IsDefault ? [] : SeedNodes)
        {
            if (!Akka.Actor.ActorPath.TryParseAddress(seed, out var address) || address.System != TrainingNode.SystemName || address.Port is null)
            {
                wrong.Add($"The seed node is \"{seed}\"; it must be akka.tcp://{TrainingNode.SystemName}@host:port.");
            }
        }

        return wrong.ToImmutable();
    }
}
