using System.Collections.Immutable;
using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Remoting;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Numerics;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Persistence;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// A node of the cluster: one process alone is a cluster of one, with the same code as many.
/// </summary>
public sealed class TrainingNode : IAsyncDisposable
{
    /// <summary>Name of the actor system, which is part of every address.</summary>
    public const string SystemName = "actortrainer";

    private static readonly TimeSpan StateInterval = TimeSpan.FromMilliseconds(5);

    private readonly DataDirectory _directory;
    private readonly RunServices _services;
    private Task? _stop;

    private TrainingNode(
        NodeOptions options, DataDirectory directory, NodeLog log, NodeTrust? trust, BlobStore blobs, RunServices services, ActorSystem system, IActorRef registry) =>
        (Options, _directory, Log, Trust, Blobs, _services, System, Registry) = (options, directory, log, trust, blobs, services, system, registry);

    public NodeOptions Options { get; }

    /// <summary>The actor system: for the parts that are actors themselves.</summary>
    public ActorSystem System { get; }

    /// <summary>Speaks <see cref="RegistryProtocol"/>; buffers while the registry starts or moves.</summary>
    public IActorRef Registry { get; }

    /// <summary>What this node has to say; nothing of it goes to the streams of the process.</summary>
    public NodeLog Log { get; }

    /// <summary>Its certificate and whom it believes; null: it speaks without TLS.</summary>
    public NodeTrust? Trust { get; }

    /// <summary>Data sets of this node.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Absolute path.</summary>
    public string DataDirectory => _directory.Root;

    /// <summary>akka.tcp://actortrainer@host:port, to be named as a seed by others.</summary>
    public string Address => AkkaCluster.Get(System).SelfAddress.ToString();

    /// <summary>Ends when the node has stopped, by <see cref="StopAsync"/> or because the cluster downed it.</summary>
    public Task Terminated => System.WhenTerminated;

    /// <summary>The members of the cluster as this node sees them, by address.</summary>
    public ImmutableArray<NodeView> Nodes => Peers.Nodes;

    /// <summary>The name of this process, new at each start.</summary>
    public NodeId Node => _services.Node;

    /// <summary>The same members, as those from whom tensors and data sets are pulled.</summary>
    internal ClusterPeers Peers => _services.Peers;

    /// <summary>
    /// Begins to probe this machine, which a start then does not wait for: for a program that has
    /// something else to do first.
    /// </summary>
    public static void ProbeAhead() => _ = NodeCapabilities.OfThisMachineAsync();

    /// <summary>Locks the data directory, starts the actor system, joins the cluster.</summary>
    /// <exception cref="NodeStartException">The settings or the data directory do not allow it.</exception>
    public static async Task<TrainingNode> StartAsync(NodeOptions options, CancellationToken cancellation = default)
    {
        if (options.Check() is { Length: > 0 } wrong)
        {
            throw new NodeStartException(string.Join(Environment.NewLine, wrong));
        }

        var directory = Hosting.DataDirectory.Open(options.DataDirectory);
        var log = NodeLog.Open(directory.Root);
        log.Write(
            DateTime.UtcNow, VectorWidths.HasFusedMultiplyAdd ? NodeLogLevel.Info : NodeLogLevel.Warning, nameof(TrainingNode), VectorWidths.Describe(), cause: null);
        ActorSystem? system = null;
        ComputeThreads? threads = null;
        NodeTrust? trust = null;
        DataPlane? plane = null;
        try
        {
            trust = LoadTrust(options, log);
            var capabilities = NodeCapabilities.OfThisMachineAsync();
            var database = options.DatabaseIn(directory);
            database.Prepare();
            var id = NodeDoor.NewId();
            var blobs = new BlobStore(directory.Datasets, options.MaximumBlobBytes);
            var tensors = new TensorStore(id, ids: new UnguessableIds().Next);
            var data = plane = DataPlane.Start(
                new DataPlaneOptions { ListenHost = options.EffectiveListenHost, Port = options.DataPort, Insecure = options.Insecure }, id, tensors, blobs, trust);
            var door = new NodeDoor(id, data.Port, options.Roles.Contains(NodeOptions.WorkerRole) ? options.ComputeThreads : 0);
            var setup = ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(NodeConfiguration.Of(options, database, await capabilities, door)), new NodeLogSetup(log));
            system = ActorSystem.Create(SystemName, trust is null ? setup : setup.And(new NodeTrustSetup(trust)));
            if (options.Roles.Contains(NodeOptions.ServerRole))
            {
                StartJournal(system);
            }

            threads = new ComputeThreads(options.ComputeThreads, options.Compute);
            var peers = ClusterPeers.Of(system);
            var services = new RunServices(
                id,
                peers,
                data,
                directory,
                database,
                new TrainingRuns(blobs, new BlobPeers(
                    id, peers, blobs, data.FetchBlobAsync, text => log.Notice(DateTime.UtcNow, NodeLogLevel.Info, nameof(BlobPeers), text, cause: null))),
                tensors,
                threads,
                options.Width);
            var registry = NodeGuardian.Start(system, options, services);
            await JoinAsync(system, options, database, cancellation);
            return new TrainingNode(options, directory, log, trust, blobs, services, system, registry);
        }
        catch (Exception failure)
        {
            if (system is not null)
            {
                await system.Terminate();
            }

            if (plane is not null)
            {
                await plane.DisposeAsync();
            }

            threads?.Dispose();
            trust?.Dispose();
            log.Dispose();
            directory.Dispose();
            if (failure is NodeStartException or OperationCanceledException)
            {
                throw;
            }

            throw new NodeStartException($"The node cannot start: {(failure.InnerException ?? failure).Message}", failure);
        }
    }

    /// <summary>Brings a model here that the registry has offered from another process.</summary>
    /// <exception cref="TransferException">It cannot be reached, or has let go of the model; ask the registry again.</exception>
    public Task<ModelView> FetchModelAsync(RegistryProtocol.ModelOffered offered, CancellationToken cancellation) =>
        ModelFetch.OpenAsync(_services, offered, cancellation);

    /// <summary>Leaves the cluster in good order and releases the data directory; what was recorded goes on at the next start.</summary>
    public Task StopAsync() => _stop ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    private static NodeTrust? LoadTrust(NodeOptions options, NodeLog log)
    {
        if (options.TlsDirectory is null)
        {
            return null;
        }

        var trust = NodeTrust.Load(options.TlsDirectory);
        trust.RequireName(options.ClusterHost);
        if (trust.Warning(TimeProvider.System) is { } warning)
        {
            log.Notice(DateTime.UtcNow, NodeLogLevel.Warning, nameof(NodeTrust), warning, cause: null);
        }

        return trust;
    }

    /// <summary>Journal and snapshots make their tables while the node joins, and not when the registry first asks for them.</summary>
    private static void StartJournal(ActorSystem system)
    {
        var persistence = Persistence.Instance.Apply(system);
        _ = persistence.JournalFor(null);
        _ = persistence.SnapshotStoreFor(null);
    }

    private static async Task JoinAsync(ActorSystem system, NodeOptions options, Database database, CancellationToken cancellation)
    {
        var cluster = AkkaCluster.Get(system);
        if (options.SeedNodes.IsDefaultOrEmpty)
        {
            await cluster.JoinAsync(cluster.SelfAddress, cancellation);
        }
        else
        {
            await cluster.JoinSeedNodesAsync(options.SeedNodes.Select(seed => SeedNode.TryParse(seed)!.ToAddress(cluster.SelfAddress)), cancellation);
        }

        // Joining ends by one message and the state that Nodes shows is kept by another, which may come later;
        // the library says of neither when the other has.
        while (!cluster.IsTerminated && !cluster.State.Members.Any(member => member.Address == cluster.SelfAddress && member.Status == MemberStatus.Up))
        {
            await Task.Delay(StateInterval, cancellation);
        }

        if (SharedDatabase.Disagreement(database, cluster) is { } reason)
        {
            throw new NodeStartException(reason);
        }
    }

    private async Task StopOnceAsync()
    {
        try
        {
            await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance)
                .WaitAsync(TimeSpan.FromSeconds(Options.StopTimeoutSeconds));
        }
        catch (TimeoutException)
        {
            // Nothing that was acknowledged depends on a clean exit.
            await System.Terminate();
        }
        finally
        {
            await (_services.Plane?.DisposeAsync() ?? default);
            _services.Threads.Dispose();
            Trust?.Dispose();
            Log.Dispose();
            _directory.Dispose();
        }
    }
}
