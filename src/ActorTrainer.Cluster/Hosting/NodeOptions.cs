using System.Collections.Immutable;
using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Numerics;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>The settings of one node, checked at its start.</summary>
public sealed record NodeOptions
{
    /// <summary>Holds parameter shards, checkpoints and the registry.</summary>
    public const string ServerRole = "server";

    /// <summary>Takes jobs and data from clients; the data sets lie in its data directory.</summary>
    public const string GatewayRole = "gateway";

    /// <summary>Computes gradients.</summary>
    public const string WorkerRole = "worker";

    /// <summary>All there are.</summary>
    public static ImmutableArray<string> AllRoles { get; } = [ServerRole, GatewayRole, WorkerRole];

    /// <summary>Everything the node keeps: made with mode 0700, used by one node at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The name or address by which the other nodes call this one, to the letter: of messages that call it by
    /// another name it hears nothing. Loopback unless said otherwise.
    /// </summary>
    public string ClusterHost { get; init; } = "127.0.0.1";

    /// <summary>The address to listen on, 0.0.0.0 for all of this machine; null: <see cref="ClusterHost"/>.</summary>
    public string? ListenHost { get; init; }

    /// <summary>TCP port of the cluster's messages; 0: any free one.</summary>
    public int ClusterPort { get; init; }

    /// <summary>The address on which others pull tensors and data sets; null: as <see cref="ListenHost"/>.</summary>
    public string? DataListenHost { get; init; }

    /// <summary>TCP port from which other nodes pull tensors and data sets; 0: any free one.</summary>
    public int DataPort { get; init; }

    /// <summary>Of <see cref="AllRoles"/>, at least one, each once.</summary>
    public ImmutableArray<string> Roles { get; init; } = [ServerRole, WorkerRole];

    /// <summary>
    /// Nodes to join, each host:port as they call themselves, servers first; empty: this node begins a cluster.
    /// A node that finds itself first in the list begins one when none of the others answers.
    /// </summary>
    public ImmutableArray<string> SeedNodes { get; init; } = [];

    /// <summary>
    /// PostgreSQL's, as Npgsql takes it, which several server nodes share; null: a SQLite file in the data
    /// directory, for exactly one server node. Holds a password: never to be logged.
    /// </summary>
    public string? DatabaseConnection { get; init; }

    /// <summary>Folder of ca.pem, node.pem and node-key.pem; null: no TLS, so that only this machine may be spoken to.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>Speak to other machines without TLS: whoever reaches the network can read and change everything.</summary>
    public bool Insecure { get; init; }

    /// <summary>Threads that compute gradients on this node, from 1 to its cores.</summary>
    public int ComputeThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>How a piece of work is carried out on a compute thread; null: it computes. Benchmarks let it take its time.</summary>
    internal Action<IComputeWork>? Compute { get; init; }

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

    /// <summary>Whether it begins a cluster when there is none.</summary>
    internal bool IsFirstSeed =>
        Roles.Contains(ServerRole) && (SeedNodes.IsDefaultOrEmpty || SeedNode.TryParse(SeedNodes[0]) == new SeedNode(ClusterHost, ClusterPort));

    /// <summary>Where it listens, with the default filled in.</summary>
    internal string EffectiveListenHost => ListenHost ?? ClusterHost;

    /// <summary>The same, for the data plane.</summary>
    internal string EffectiveDataListenHost => DataListenHost ?? EffectiveListenHost;

    /// <summary>Everything that is wrong with these settings, a sentence each; empty if nothing is.</summary>
    public ImmutableArray<string> Check() => NodeOptionsCheck.Of(this);
}
