using System.Collections.Immutable;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// Tells jobs which nodes are up and answer, at once and at every change, and whose connection broke. It
/// holds a connection to every other member open, so that the end of a process is noticed at once and not
/// only by its missing heartbeats (P7).
/// </summary>
internal sealed class ClusterWatchActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under /user on every server node.</summary>
    public const string Name = "cluster-watch";

    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(1);

    private readonly RunServices _services;
    private readonly HashSet<IActorRef> _subscribers = [];
    private readonly Dictionary<UniqueAddress, Member> _up = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private readonly HashSet<NodeId> _kept = [];
    private ImmutableArray<NodeView> _nodes = [];
    private Action<NodeId>? _linkLost;

    public ClusterWatchActor(RunServices services)
    {
        _services = services;
        Receive<Subscribe>(_ =>
        {
            if (_subscribers.Add(Sender))
            {
                Context.Watch(Sender);
            }

            Sender.Tell(new NodesUp(_nodes));
        });
        Receive<Terminated>(ended => _subscribers.Remove(ended.ActorRef));
        ReceiveLinks();
        ReceiveMembers();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RunServices services) => Akka.Actor.Props.Create(() => new ClusterWatchActor(services));

    protected override void PreStart()
    {
        AkkaCluster.Get(Context.System).Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        if (_services.Plane is { } plane)
        {
            var self = Self;
            _linkLost = node => self.Tell(new LinkLost(node));
            plane.LinkLost += _linkLost;
            Timers.StartPeriodicTimer(nameof(KeepAgain), KeepAgain.Instance, KeepInterval);
        }
    }

    protected override void PostStop()
    {
        AkkaCluster.Get(Context.System).Unsubscribe(Self);
        if (_services.Plane is { } plane)
        {
            plane.LinkLost -= _linkLost;
        }
    }

    private void ReceiveLinks()
    {
        Receive<LinkLost>(lost =>
        {
            // Opened again at the next beat, if the node is still there.
            _kept.Remove(lost.Node);
            foreach (var subscriber in _subscribers)
            {
                subscriber.Tell(lost);
            }
        });
        Receive<KeepAgain>(_ => Keep());
    }

    private void ReceiveMembers()
    {
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (var member in state.Members.Where(member => member.Status == MemberStatus.Up))
            {
                _up[member.UniqueAddress] = member;
            }

            _unreachable.UnionWith(state.Unreachable.Select(member => member.UniqueAddress));
            Tell();
        });
        Receive<ClusterEvent.UnreachableMember>(unreachable =>
        {
            _unreachable.Add(unreachable.Member.UniqueAddress);
            Tell();
        });
        Receive<ClusterEvent.ReachableMember>(reachable =>
        {
            _unreachable.Remove(reachable.Member.UniqueAddress);
            Tell();
        });
        Receive<ClusterEvent.MemberUp>(up =>
        {
            _up[up.Member.UniqueAddress] = up.Member;
            Tell();
        });

        // Joining ones are not there yet, leaving ones not any more.
        Receive<ClusterEvent.IMemberEvent>(change =>
        {
            if (change is ClusterEvent.MemberRemoved)
            {
                _unreachable.Remove(change.Member.UniqueAddress);
            }

            if (change is not (ClusterEvent.MemberJoined or ClusterEvent.MemberWeaklyUp) && _up.Remove(change.Member.UniqueAddress))
            {
                Tell();
            }
        });
    }

    private void Tell()
    {
        _nodes =
        [
            .. _up.Values.Where(member => !_unreachable.Contains(member.UniqueAddress)).OrderBy(member => member.Address, Member.AddressOrdering)
                .Select(member => NodeView.Of(member, reachable: true)),
        ];
        Keep();
        foreach (var subscriber in _subscribers)
        {
            subscriber.Tell(new NodesUp(_nodes));
        }
    }

    private void Keep()
    {
        if (_services.Plane is not { } plane)
        {
            return;
        }

        foreach (var node in _nodes.Where(node => node.Node != _services.Node && !_kept.Contains(node.Node)))
        {
            if (_services.Peers.Find(node.Node) is { } peer)
            {
                plane.Keep(peer);
                _kept.Add(node.Node);
            }
        }

        foreach (var gone in _kept.Where(kept => _nodes.All(node => node.Node != kept)).ToList())
        {
            plane.Forget(gone);
            _kept.Remove(gone);
        }
    }

    /// <summary>Reply: <see cref="NodesUp"/>, now and at every change, and <see cref="LinkLost"/>.</summary>
    internal sealed record Subscribe;

    /// <summary>The members that are up and reachable, by address.</summary>
    internal sealed record NodesUp(ImmutableArray<NodeView> Nodes);

    /// <summary>An established connection to the node broke.</summary>
    internal sealed record LinkLost(NodeId Node);

    private sealed class KeepAgain
    {
        public static KeepAgain Instance { get; } = new();
    }
}
