using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Numerics;
using ActorTrainer.Training;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tensors;
using ActorTrainer.Tests.Shared;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Tests;

/// <summary>Actors of ours on a journal of their own, with everything a process shares.</summary>
public abstract class ActorSpecs : TestKit
{
    private readonly DataDirectory _directory;

    protected ActorSpecs()
        : this(DatabaseKind.Sqlite)
    {
    }

    private protected ActorSpecs(DatabaseKind kind)
        : this(System.IO.Directory.CreateTempSubdirectory("actortrainer-").FullName, kind)
    {
    }

    private ActorSpecs(string directory, DatabaseKind kind)
        : this(directory, kind == DatabaseKind.Sqlite
            ? Database.Sqlite(Path.Combine(directory, "actortrainer.db"))
            : Database.PostgreSql(PostgreSqlServer.Shared.NewDatabase()))
    {
    }

    private ActorSpecs(string directory, Database database)
        : base(Settings(directory, database))
    {
        _directory = DataDirectory.Open(directory);
        database.Prepare();
        var blobs = new BlobStore(_directory.Datasets, 1 << 20);
        var node = new NodeId("node-1");
        Services = new RunServices(
            node, new ClusterPeers(() => []), Plane: null, _directory, database, new TrainingRuns(blobs), new TensorStore(node), new ComputeThreads(1), VectorWidths.Widest);
    }

    private protected RunServices Services { get; }

    protected static JobId Job { get; } = new("specimen");

    protected static Epoch First { get; } = new(Job, 1, 0);

    /// <summary>A life of the job before the first of these specs.</summary>
    protected static Epoch Older { get; } = new(Job, 0, 0);

    private protected static TrainingRun Run(JobSpec spec) => new(spec.Recipe, TrainingRun.OpenData(spec.Recipe, _ => throw new InvalidOperationException("generated data names no file")));

    private protected static JobFact.Submitted Submitted(JobSpec spec) => new(
        Job,
        spec,
        RecipeIdentity.Sha256(spec.Recipe),
        ArithmeticVersion.Current,
        RunShape.Of(Run(spec), Shards(spec)),
        DateTimeOffset.UnixEpoch);

    private protected static ShardLayout Shards(JobSpec spec) => Run(spec).Shards(spec.Placement.ParameterShards);

    protected static Members Parties(Epoch epoch, IActorRef barrier, IActorRef shard, IActorRef node, IActorRef worker) =>
        new(epoch, barrier, [shard], [new NodePlace(new NodeId("node-1"), node)], [new WorkerPlace(new WorkerId("worker-1"), worker)]);

    /// <summary>What a job finds in a process with both roles: a server's door, a node's, which is another actor here, and who is up.</summary>
    private protected void StartDoors(IActorRef node)
    {
        Sys.ActorOf(ServerDoorActor.Props(Services), ServerDoorActor.Name);
        Sys.ActorOf(Akka.Actor.Props.Create(() => new Relay(node)), NodeActor.Name);
        var up = new NodeView(
            "akka://here", [NodeOptions.ServerRole, NodeOptions.WorkerRole], new NodeCapabilities(1, 128, Probe.Expected), true, Services.Node, 0, 1);
        Sys.ActorOf(Akka.Actor.Props.Create(() => new FixedCluster(up)), ClusterWatchActor.Name);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Services.Threads.Dispose();
        _directory.Dispose();
        TemporaryDirectory.Delete(_directory.Root);
    }

    private static Config Settings(string directory, Database database)
    {
        var options = new NodeOptions { DataDirectory = directory };
        return ConfigurationFactory.ParseString("akka { actor.provider = local, test { default-timeout = 180s, single-expect-default = 180s } }")
            .WithFallback(NodeConfiguration.Of(options, database, new NodeCapabilities(1, 128, ""), new NodeDoor(new NodeId("node-1"), 0, 1)));
    }

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef to) => ReceiveAny(to.Forward);
    }

    /// <summary>In the place of the actor that watches a cluster: one node, for ever.</summary>
    private sealed class FixedCluster : ReceiveActor
    {
        public FixedCluster(NodeView up) => Receive<ClusterWatchActor.Subscribe>(_ => Sender.Tell(new ClusterWatchActor.NodesUp([up])));
    }
}
