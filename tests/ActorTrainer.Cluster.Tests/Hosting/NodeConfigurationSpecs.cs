using System.Globalization;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Serialization;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Tests.Hosting;

/// <summary>What an actor system of ours goes by in the end, whatever the library's defaults are.</summary>
public sealed class NodeConfigurationSpecs : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private ActorSystem _server = null!;
    private ActorSystem _worker = null!;

    private static NodeDoor Door { get; } = new(new NodeId("node-1"), 4711, 2);

    public Task InitializeAsync()
    {
        var options = new NodeOptions { DataDirectory = _directory.Path };
        var database = Database.Sqlite(Path.Combine(_directory.Path, "actortrainer.db"));
        _server = Start(options with { Roles = [NodeOptions.ServerRole] }, database);
        _worker = Start(options with { Roles = [NodeOptions.WorkerRole] }, Database.None);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.Terminate();
        await _worker.Terminate();
        _directory.Dispose();
    }

    [Fact]
    public void Bounds_a_message_on_the_wire_above_what_a_control_message_may_have()
    {
        var frame = Config(_server, "akka.remote.dot-netty.tcp").GetByteSize("maximum-frame-size");

        Assert.Equal(256_000, frame);
        Assert.True(frame > 2 * ClusterMessageSerializer.MaximumMessageBytes);
    }

    [Fact]
    public void Writes_and_reads_nothing_but_our_own_messages_and_the_librarys()
    {
        string[] libraries = ["Akka", "Google.Protobuf"];
        string[] values = ["System.Object", "System.Byte[]", "System.String", "System.Int32", "System.Int64"];
        var bindings = Config(_server, "akka.actor.serialization-bindings").AsEnumerable().ToDictionary(
            binding => binding.Key.Trim('"'), binding => binding.Value.GetString(), StringComparer.Ordinal);

        Assert.Equal("actortrainer", bindings["System.Object"]);
        Assert.All(
            bindings.Where(binding => !values.Contains(binding.Key)),
            binding => Assert.Contains(libraries, library => binding.Key.StartsWith(library, StringComparison.Ordinal)));
        Assert.IsType<ClusterMessageSerializer>(_server.Serialization.FindSerializerForType(typeof(Dictionary<string, string>)));
        var all = Config(_server, "akka.actor.serializers").AsEnumerable().Select(serializer => serializer.Value.GetString()).ToList();
        Assert.DoesNotContain(all, serializer => serializer.Contains("Hyperion", StringComparison.Ordinal) || serializer.Contains("Newtonsoft", StringComparison.Ordinal));
        Assert.Contains(all, serializer => serializer.Contains(nameof(RefusedJsonSerializer), StringComparison.Ordinal));
    }

    [Fact]
    public void Speaks_again_within_the_second_to_a_node_that_was_not_there() =>
        Assert.Equal(TimeSpan.FromSeconds(0.5), Config(_server, "akka.remote").GetTimeSpan("retry-gate-closed-for"));

    [Fact]
    public void Lets_the_side_with_most_of_the_servers_stay()
    {
        var cluster = AkkaCluster.Get(_server);
        var resolver = Config(_server, "akka.cluster.split-brain-resolver");

        Assert.Equal("Akka.Cluster.SBR.SplitBrainResolver", cluster.DowningProvider.DowningActorProps!.Type.FullName);
        Assert.Equal("keep-majority", resolver.GetString("active-strategy"));
        Assert.Equal(NodeOptions.ServerRole, resolver.GetString("keep-majority.role"));
        Assert.Equal(TimeSpan.FromSeconds(3), resolver.GetTimeSpan("stable-after"));
        Assert.Equal("off", resolver.GetString("down-all-when-unstable"));
        Assert.Equal(TimeSpan.FromSeconds(1), cluster.DowningProvider.DownRemovalMargin);
        Assert.True(cluster.Settings.RunCoordinatedShutdownWhenDown);
    }

    [Fact]
    public void Finds_a_dead_node_within_seconds()
    {
        var settings = AkkaCluster.Get(_server).Settings;

        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.FailureDetectorConfig.GetTimeSpan("acceptable-heartbeat-pause"));
        Assert.Equal(8, settings.FailureDetectorConfig.GetDouble("threshold"));
        Assert.Equal(typeof(PhiAccrualFailureDetector).FullName, settings.FailureDetectorImplementationClass.Split(',')[0]);
    }

    [Fact]
    public void Keeps_a_journal_on_servers_that_two_writers_cannot_share()
    {
        var journal = Config(_server, "akka.persistence.journal.sql");
        var snapshots = Config(_server, "akka.persistence.snapshot-store.sql");

        Assert.Equal("fail", journal.GetString("replay-filter.mode"));
        Assert.Equal("SQLite.MS", journal.GetString("provider-name"));
        Assert.Equal(TimeSpan.FromSeconds(20), journal.GetTimeSpan("circuit-breaker.call-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(60), snapshots.GetTimeSpan("circuit-breaker.call-timeout"));
    }

    [Fact]
    public void Gives_no_journal_to_a_node_that_is_no_server()
    {
        Assert.True(string.IsNullOrEmpty(Config(_worker, "akka.persistence.journal").GetString("plugin")));
        Assert.True(string.IsNullOrEmpty(Config(_worker, "akka.persistence.snapshot-store").GetString("plugin")));
    }

    [Fact]
    public void Tells_by_its_roles_what_it_is_and_where_its_jobs_are()
    {
        var (server, worker) = (AkkaCluster.Get(_server).SelfRoles, AkkaCluster.Get(_worker).SelfRoles);

        Assert.Contains(NodeOptions.ServerRole, server);
        Assert.Contains(server, role => role.StartsWith("database-", StringComparison.Ordinal));
        Assert.DoesNotContain(worker, role => role.StartsWith("database-", StringComparison.Ordinal));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"data-{Door.DataPort}"), server);
    }

    private static Config Config(ActorSystem system, string path) => system.Settings.Config.GetConfig(path);

    private static ActorSystem Start(NodeOptions options, Database database) => ActorSystem.Create(
        TrainingNode.SystemName, NodeConfiguration.Of(options, database, new NodeCapabilities(1, 128, ""), Door));
}
