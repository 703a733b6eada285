using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class NodeDoorTests
{
    private static readonly NodeCapabilities Machine = new(8, 512, "ab");

    [Fact]
    public void Travels_as_roles_beside_those_of_the_machine()
    {
        var door = new NodeDoor(new NodeId("node-7"), 7702, 4);
        string[] roles = ["worker", .. Machine.ToRoles(), .. door.ToRoles()];

        Assert.Equal(door, NodeDoor.FromRoles(roles));
        Assert.Equal(Machine, NodeCapabilities.FromRoles(roles));
    }

    [Fact]
    public void Is_nobodys_without_roles() => Assert.Equal(new NodeDoor(new NodeId(""), 0, 0), NodeDoor.FromRoles(["worker", "data-", "threads-x"]));

    [Fact]
    public void Names_every_process_anew() => Assert.NotEqual(NodeDoor.NewId(), NodeDoor.NewId());

    [Fact]
    public void Is_found_among_the_peers_as_long_as_the_node_is_a_member()
    {
        var server = View("node-1", "10.0.0.1", ["server"], reachable: true);
        var worker = View("node-2", "10.0.0.2", ["worker"], reachable: false);
        var members = new[] { server, worker };
        var peers = new ClusterPeers(() => [.. members]);

        Assert.Equal(new DataPeer(worker.Node, "10.0.0.2", 7702), peers.Find(worker.Node));
        Assert.Equal([new DataPeer(server.Node, "10.0.0.1", 7702)], peers.WithRole("server"));
        Assert.Empty(peers.WithRole("worker"));

        members = [server];
        Assert.Null(peers.Find(worker.Node));
    }

    private static NodeView View(string node, string host, string[] roles, bool reachable) =>
        new($"akka.ssl.tcp://actortrainer@{host}:7701", [.. roles], Machine, reachable, new NodeId(node), 7702, 1);
}
