using System.Collections.Immutable;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Who is in the cluster and where tensors and data sets are pulled from them, at the moment of asking; from any thread.</summary>
internal sealed class ClusterPeers(Func<ImmutableArray<NodeView>> nodes)
{
    private Book _book = new([]);

    /// <summary>All members, this node too.</summary>
    public ImmutableArray<NodeView> Nodes => nodes();

    /// <summary>As the cluster's state has it now.</summary>
    public static ClusterPeers Of(ActorSystem system)
    {
        var cluster = AkkaCluster.Get(system);
        var seen = new Sighting(null, []);
        return new ClusterPeers(() =>
        {
            // The state is replaced and not changed, and asked for at every message with a ticket.
            var state = cluster.State;
            var last = seen;
            if (!ReferenceEquals(last.State, state))
            {
                seen = last = new Sighting(state, NodeView.AllOf(state));
            }

            return last.Nodes;
        });
    }

    /// <summary>Where a node's tensors are pulled from; null if it is no member, or has no data plane.</summary>
    public DataPeer? Find(NodeId node)
    {
        var all = nodes();
        var book = _book;
        if (book.Nodes != all)
        {
            _book = book = new Book(all);
        }

        return book.Peers.GetValueOrDefault(node);
    }

    /// <summary>All that have a role and answer, this node too.</summary>
    public IEnumerable<DataPeer> WithRole(string role) =>
        Nodes.Where(node => node.Reachable && node.Roles.Contains(role)).Select(PeerOf).OfType<DataPeer>();

    private static DataPeer? PeerOf(NodeView node) =>
        node.DataPort > 0 && ActorPath.TryParseAddress(node.Address, out var address)
            ? new DataPeer(node.Node, address.Host, node.DataPort)
            : null;

    private sealed record Sighting(ClusterEvent.CurrentClusterState? State, ImmutableArray<NodeView> Nodes);

    private sealed class Book(ImmutableArray<NodeView> nodes)
    {
        public ImmutableArray<NodeView> Nodes { get; } = nodes;

        public Dictionary<NodeId, DataPeer> Peers { get; } =
            nodes.Select(PeerOf).OfType<DataPeer>().ToDictionary(peer => peer.Node);
    }
}
