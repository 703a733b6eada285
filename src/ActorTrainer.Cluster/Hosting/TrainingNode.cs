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

    private readonly NodeResources _resources;
    private readonly RunServices _services;
    private readonly NodeStatusFile _status;
    private Task? _stop;

    private TrainingNode(
        NodeOptions options,
        NodeResources resources,
        NodeLog log,
        NodeTrust? trust,
        BlobStore blobs,
        RunServices services,
        NodeStatusFile status,
        ActorSystem system,
        IActorRef registry) =>
        (Options, _resources, Log, Trust, Blobs, _services, _status, System, Registry) = (options, resources, log, trust, blobs, services, status, system, registry);

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
    public string DataDirectory => _services.Directory.Root;

    /// <summary>akka.tcp://actortrainer@host:port.</summary>
    public string Address => AkkaCluster.Get(System).SelfAddress.ToString();

    /// <summary>host:port, to be named as a seed by others.</summary>
    public string Seed => SelfOf(System).ToString();

    /// <summary>Ends when the node has stopped, by <see cref="StopAsync"/> or because it lost its cluster.</summary>
    public Task Terminated => System.WhenTerminated;

    /// <summary>The cluster went on without this node: it was unreachable, or on the smaller side of a split. Started again, it joins anew.</summary>
    public bool HasLostItsCluster => CoordinatedShutdown.Get(System).ShutdownReason is CoordinatedShutdown.ClusterDowningReason;

    /// <summary>The members of the cluster as this node sees them, by address.</summary>
    public ImmutableArray<NodeView> Nodes => Peers.Nodes;

    /// <summary>The name of this process, new at each start.</summary>
    public NodeId Node => _services.Node;

    /// <summary>What its file node.json says.</summary>
    public NodeStatus Status => _status.Current;

    /// <summary>The same members as <see cref="Nodes"/>, as those from whom tensors and data sets are pulled.</summary>
    internal ClusterPeers Peers => _services.Peers;

    /// <summary>Bytes of tensors that were pulled from other nodes.</summary>
    internal long FetchedTensorBytes => _services.Plane?.FetchedTensorBytes ?? 0;

    /// <summary>
    /// Begins to probe this machine, which a start then does not wait for: for a program that has
    /// something else to do first.
    /// </summary>
    public static void ProbeAhead() => _ = NodeCapabilities.OfThisMachineAsync();

    /// <summary>Locks the data directory, starts data plane and actor system, joins the cluster.</summary>
    /// <param name="noticed">Hears what the node has to say, as <see cref="NodeLog.Noticed"/> does, from the beginning.</param>
    /// <exception cref="NodeStartException">The settings or the data directory do not allow it.</exception>
    public static async Task<TrainingNode> StartAsync(NodeOptions options, CancellationToken cancellation = default, Action<NodeNotice>? noticed = null)
    {
        if (options.Check() is { Length: > 0 } wrong)
        {
            throw new NodeStartException(string.Join(Environment.NewLine, wrong));
        }

        var resources = new NodeResources();
        ActorSystem? system = null;
        try
        {
            var directory = resources.Hold(Hosting.DataDirectory.Open(options.DataDirectory));
            var log = resources.Hold(NodeLog.Open(directory.Root));
            log.Noticed += noticed;
            log.Write(DateTime.UtcNow, NodeLogLevel.Info, nameof(TrainingNode), $"Starts in process {Environment.ProcessId}", cause: null);
            log.Write(
                DateTime.UtcNow, VectorWidths.HasFusedMultiplyAdd ? NodeLogLevel.Info : NodeLogLevel.Warning, nameof(TrainingNode), VectorWidths.Describe(), cause: null);
            var trust = LoadTrust(options, log, resources);
            var capabilities = NodeCapabilities.OfThisMachineAsync();
            var database = options.DatabaseIn(directory);
            database.Prepare();
            var node = NodeDoor.NewId();
            var blobs = new BlobStore(directory.Datasets, options.MaximumBlobBytes);
            var tensors = new TensorStore(node, ids: new UnguessableIds().Next);

            // Before the actor system, whose member tells everybody the port.
            var plane = resources.Hold(DataPlane.Start(
                new DataPlaneOptions { ListenHost = options.EffectiveDataListenHost, Port = options.DataPort, Insecure = options.Insecure }, node, tensors, blobs, trust));
            var door = new NodeDoor(
                node, plane.Port, options.Roles.Contains(NodeOptions.WorkerRole) ? options.ComputeThreads : 0);
            var setup = ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(NodeConfiguration.Of(options, database, await capabilities, door)), new NodeLogSetup(log));
            system = ActorSystem.Create(SystemName, trust is null ? setup : setup.And(new NodeTrustSetup(trust)));
            var isServer = options.Roles.Contains(NodeOptions.ServerRole);
            if (isServer)
            {
                StartJournal(system);
            }

            var threads = resources.Hold(new ComputeThreads(options.ComputeThreads, options.Compute));
            var peers = ClusterPeers.Of(system);
            var cache = options.Roles.Contains(NodeOptions.GatewayRole) ? null : new BlobCache(blobs, BlobCache.DefaultMaximumBytes);
            var fromPeers = new BlobPeers(
                node, peers, blobs, cache, plane.FetchBlobAsync, text => log.Notice(DateTime.UtcNow, NodeLogLevel.Info, nameof(BlobPeers), text, cause: null));
            var services = new RunServices(node, peers, plane, directory, database, new TrainingRuns(blobs, fromPeers), tensors, threads, options.Width);
            var status = resources.Hold(StatusOf(options, system, services, plane.Port));
            var registry = NodeGuardian.Start(system, options, services);
            var members = new RememberedMembers(directory.Root);
            var seeds = options.SeedNodes.Select(SeedNode.TryParse).OfType<SeedNode>();
            var plan = SeedPlan.Of(SelfOf(system), isServer, seeds, isServer ? members.Read() : []);
            await new ClusterJoin(AkkaCluster.Get(system), plan, log).RunAsync(cancellation);
            if (SharedDatabase.Disagreement(database, AkkaCluster.Get(system)) is { } reason)
            {
                throw new NodeStartException(reason);
            }

            if (isServer)
            {
                system.ActorOf(RememberedMembers.Keeper(members), "members");
            }

            status.Become(NodeState.Up);
            log.Write(DateTime.UtcNow, NodeLogLevel.Info, nameof(TrainingNode), $"{node} is up at {AkkaCluster.Get(system).SelfAddress} in a cluster of {peers.Nodes.Length}", cause: null);
            return new TrainingNode(options, resources, log, trust, blobs, services, status, system, registry);
        }
        catch (Exception failure)
        {
            if (system is not null)
            {
                await LeaveAsync(system, TimeSpan.FromSeconds(options.StopTimeoutSeconds));
            }

            await resources.DisposeAsync();
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

    private static NodeTrust? LoadTrust(NodeOptions options, NodeLog log, NodeResources resources)
    {
        if (options.TlsDirectory is null)
        {
            return null;
        }

        var trust = resources.Hold(NodeTrust.Load(options.TlsDirectory));
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

    private static NodeStatusFile StatusOf(NodeOptions options, ActorSystem system, RunServices services, int dataPort)
    {
        var now = TimeProvider.System.GetUtcNow();
        var self = SelfOf(system);
        var first = new NodeStatus(
            services.Node.Value,
            NodeState.Starting,
            options.Roles,
            Environment.ProcessId,
            self.ToString(),
            new SeedNode(self.Host, dataPort).ToString(),
            0,
            now,
            now);
        return new NodeStatusFile(services.Directory.Root, first, () => services.Peers.Nodes.Length);
    }

    private static SeedNode SelfOf(ActorSystem system)
    {
        var address = AkkaCluster.Get(system).SelfAddress;
        return new SeedNode(address.Host!, address.Port!.Value);
    }

    private async Task StopOnceAsync()
    {
        _status.Become(NodeState.Leaving);
        await LeaveAsync(System, TimeSpan.FromSeconds(Options.StopTimeoutSeconds));
        await _resources.DisposeAsync();
    }

    private static async Task LeaveAsync(ActorSystem system, TimeSpan patience)
    {
        try
        {
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            // Nothing that was acknowledged depends on a clean exit.
            await system.Terminate();
        }
    }
}
