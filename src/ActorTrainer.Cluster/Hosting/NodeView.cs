using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using Akka.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>A node of the cluster, as another one sees it.</summary>
/// <param name="Address">akka.tcp://actortrainer@host:port, or akka.ssl.tcp://….</param>
/// <param name="Roles">Of <see cref="NodeOptions.AllRoles"/>, sorted.</param>
/// <param name="Reachable">False: its heartbeats are missed.</param>
/// <param name="Node">Its name, new at each start.</param>
/// <param name="DataPort">Where tensors and data sets are pulled from it, on the host of the address.</param>
/// <param name="ComputeThreads">Threads that compute gradients; 0 where none do.</param>
public sealed record NodeView(
    string Address, ImmutableArray<string> Roles, NodeCapabilities Capabilities, bool Reachable, NodeId Node, int DataPort, int ComputeThreads)
{
    /// <summary>All members of a state, by address.</summary>
    internal static ImmutableArray<NodeView> AllOf(ClusterEvent.CurrentClusterState state) =>
    [
        .. state.Members.Select(member => Of(member, !state.Unreachable.Contains(member))),
    ];

    internal static NodeView Of(Member member, bool reachable)
    {
        var door = NodeDoor.FromRoles(member.Roles);
        return new NodeView(
            member.Address.ToString(),
            [.. member.Roles.Where(role => NodeOptions.AllRoles.Contains(role)).Order(StringComparer.Ordinal)],
            NodeCapabilities.FromRoles(member.Roles),
            reachable,
            door.Node,
            door.DataPort,
            door.ComputeThreads);
    }
}
