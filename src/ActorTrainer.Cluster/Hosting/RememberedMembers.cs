using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// The addresses of a server's last fellow members, in the file <c>members</c> of its data directory: started
/// again, it asks them first, so that it returns to its workers' cluster and does not begin a second one.
/// </summary>
internal sealed class RememberedMembers(string directory)
{
    public const string FileName = "members";

    /// <summary>Addresses that are kept.</summary>
    public const int Maximum = 64;

    private readonly string _path = Path.Combine(directory, FileName);
    private string? _written;

    /// <summary>Empty if there were none; what is no address is left out.</summary>
    public ImmutableArray<SeedNode> Read()
    {
        try
        {
            return [.. File.ReadLines(_path).Take(Maximum).Select(SeedNode.TryParse).OfType<SeedNode>()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Servers first, then by address.</summary>
    public void Write(IEnumerable<Member> members, Address self)
    {
        var others = members
            .Where(member => member.Address != self && member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining)
            .OrderBy(member => member.HasRole(NodeOptions.ServerRole) ? 0 : 1)
            .Take(Maximum);
        var text = new StringBuilder();
        foreach (var member in others)
        {
            text.Append(new SeedNode(member.Address.Host!, member.Address.Port!.Value)).Append('\n');
        }

        if (text.ToString() == _written)
        {
            return;
        }

        try
        {
            PrivateFiles.WriteWhole(_path, text.ToString());
            _written = text.ToString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk: what was written last still helps.
        }
    }

    /// <summary>Keeps the file true as members come and go.</summary>
    public static Props Keeper(RememberedMembers file) => Props.Create(() => new KeeperActor(file));

    private sealed class KeeperActor : ReceiveActor
    {
        private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);

        public KeeperActor(RememberedMembers file)
        {
            Receive<ClusterEvent.IMemberEvent>(change =>
            {
                // While this node itself leaves, the others vanish for it one by one: they are to be remembered.
                if (_cluster.SelfMember.Status == MemberStatus.Up && change is ClusterEvent.MemberUp or ClusterEvent.MemberRemoved)
                {
                    file.Write(_cluster.State.Members, _cluster.SelfAddress);
                }
            });
        }

        protected override void PreStart() =>
            _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

        protected override void PostStop() => _cluster.Unsubscribe(Self);
    }
}
