using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class NodeStatusTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly NodeStatus Up = new("node-7", NodeState.Up, ["server", "worker"], 41, "server-0:7701", "server-0:7702", 4, Now.AddHours(-1), Now);

    private readonly string _directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    [Fact]
    public void Is_read_as_it_was_written()
    {
        Up.Write(_directory);

        var read = NodeStatus.Read(_directory)!;
        Assert.Equal(Up.Roles, read.Roles.AsEnumerable());
        Assert.Equal(Up, read with { Roles = Up.Roles });
    }

    [Fact]
    public void Is_nothing_where_no_node_has_run_or_the_file_is_something_else()
    {
        Assert.Null(NodeStatus.Read(_directory));

        File.WriteAllText(Path.Combine(_directory, NodeStatus.FileName), "{");
        Assert.Null(NodeStatus.Read(_directory));
    }

    [Fact]
    public void Calls_a_node_healthy_that_is_up_and_was_heard_of() =>
        Assert.Equal((true, "node-7 (server, worker) is up at server-0:7701 in a cluster of 4"), Up.Judge(Now.AddSeconds(10)));

    [Fact]
    public void Calls_a_silent_node_dead() =>
        Assert.Equal((false, "node-7 (server, worker) has not been heard of for 16 s"), Up.Judge(Now.AddSeconds(16)));

    [Theory]
    [InlineData(NodeState.Starting, "waits to be let into the cluster")]
    [InlineData(NodeState.Leaving, "is leaving the cluster")]
    [InlineData(NodeState.Stopped, "has stopped")]
    public void Says_what_a_node_does_that_is_not_up(NodeState state, string what) =>
        Assert.Equal((false, $"node-7 (server, worker) {what}"), (Up with { State = state }).Judge(Now));

    [Fact]
    public void Keeps_the_last_word_of_a_node_that_stopped()
    {
        var file = new NodeStatusFile(_directory, Up with { State = NodeState.Starting }, () => 3);
        Assert.Equal((NodeState.Starting, 0), (NodeStatus.Read(_directory)!.State, NodeStatus.Read(_directory)!.Nodes));

        file.Become(NodeState.Up);
        Assert.Equal((NodeState.Up, 3), (NodeStatus.Read(_directory)!.State, NodeStatus.Read(_directory)!.Nodes));

        file.Dispose();
        Assert.Equal(NodeState.Stopped, NodeStatus.Read(_directory)!.State);
    }
}
