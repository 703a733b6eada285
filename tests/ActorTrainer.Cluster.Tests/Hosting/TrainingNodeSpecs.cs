using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Numerics;
using Akka.Actor;
using Akka.Event;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class TrainingNodeSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();

    private NodeOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "node") };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Starts_as_a_cluster_of_one_whose_registry_answers()
    {
        await using var node = await TrainingNode.StartAsync(Options);

        var page = await node.Registry.Ask<RegistryProtocol.JobPage>(new RegistryProtocol.ListJobs(10, null), Patience);

        Assert.Empty(page.Jobs);
        var self = Assert.Single(node.Nodes);
        Assert.Equal(node.Address, self.Address);
        Assert.Equal(["server", "worker"], self.Roles.AsEnumerable());
        Assert.Equal(new NodeCapabilities(Environment.ProcessorCount, (int)VectorWidths.Widest, Probe.Expected), self.Capabilities);
    }

    [Fact]
    public async Task Knows_itself_as_a_member_as_soon_as_it_has_started()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var node = await TrainingNode.StartAsync(Options);

            Assert.Equal(node.Address, Assert.Single(node.Nodes).Address);
        }
    }

    /// <summary>At whatever moment of its start: it is no failure that it did not get as far as joining.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(2_500)]
    public async Task Stops_when_told_to_while_it_asks_to_be_let_in(int milliseconds)
    {
        using var told = new CancellationTokenSource(milliseconds);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainingNode.StartAsync(
            Options with { Roles = [NodeOptions.WorkerRole], SeedNodes = ["127.0.0.1:9"] }, told.Token));
    }

    [Fact]
    public async Task Lets_no_second_node_into_its_data_directory()
    {
        await using var node = await TrainingNode.StartAsync(Options);

        var refused = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => TrainingNode.StartAsync(Options));

        Assert.Contains("Another node runs in the data directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_its_data_directory_when_it_stops()
    {
        var first = await TrainingNode.StartAsync(Options);
        await first.StopAsync();
        Assert.True(first.Terminated.IsCompleted);

        await using var second = await TrainingNode.StartAsync(Options);
    }

    [Fact]
    public async Task Keeps_its_data_directory_from_other_users()
    {
        await using var node = await TrainingNode.StartAsync(Options);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(node.DataDirectory));
            foreach (var file in Directory.EnumerateFiles(node.DataDirectory).Where(file => !file.EndsWith(".new", StringComparison.Ordinal)))
            {
                Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
            }
        }
    }

    [Fact]
    public async Task Says_in_its_log_file_what_actors_log_and_notices_only_its_own()
    {
        await using var node = await TrainingNode.StartAsync(Options);
        var noticed = new TaskCompletionSource<NodeNotice>();
        node.Log.Noticed += notice => noticed.TrySetResult(notice);

        node.System.Log.Warning("heartbeat was delayed");
        node.System.EventStream.Publish(new Info("source", typeof(JobRegistryActor), "Job adder is running"));

        Assert.Equal("Job adder is running", (await noticed.Task.WaitAsync(Patience)).Text);
        var written = await File.ReadAllTextAsync(Path.Combine(node.DataDirectory, NodeLog.FileName));
        Assert.Contains(" WARNING ActorSystemImpl: heartbeat was delayed\n", written, StringComparison.Ordinal);
        Assert.Contains(" INFO JobRegistryActor: Job adder is running\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_in_its_log_file_what_it_computes_with()
    {
        await using var node = await TrainingNode.StartAsync(Options);

        var written = await File.ReadAllTextAsync(Path.Combine(node.DataDirectory, NodeLog.FileName));
        Assert.Contains($" TrainingNode: {VectorWidths.Describe()}\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_everything_that_is_wrong_with_its_settings()
    {
        var options = Options with { ClusterPort = 70000, ComputeThreads = 0, Roles = ["king"], SeedNodes = ["ps-0"] };

        var refused = await Assert.ThrowsAsync<NodeStartException>(() => TrainingNode.StartAsync(options));

        Assert.Contains("port is 70000", refused.Message, StringComparison.Ordinal);
        Assert.Contains("0 compute threads", refused.Message, StringComparison.Ordinal);
        Assert.Contains("[king]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"ps-0\"", refused.Message, StringComparison.Ordinal);
    }
}
