using System.Collections.Immutable;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// Which servers hold the shards of a job's incarnation, and where each shard is: shard i on the i-th
/// server, the job's own first, then by address, and round again. Used by the job's actor alone.
/// </summary>
internal sealed class RunServers(IActorContext context, JobFact.Submitted job, RunServices services)
{
    /// <summary>Shards named in one message (P13).</summary>
    private const int ShardsPerMessage = 512;

    /// <summary>Waits that are shown.</summary>
    private const int MaximumWaits = 8;

    /// <summary>Seconds for which a server whose connection broke, or that refused, is not chosen again.</summary>
    private const int SecondsOfDoubt = 10;

    /// <summary>Seconds between two times that shards which are held are asked for again: they know by it that they are wanted.</summary>
    private const int SecondsBetweenReminders = 5;

    private readonly Dictionary<NodeId, int> _doubted = [];
    private readonly Dictionary<IActorRef, int> _indices = [];
    private ImmutableArray<NodeView> _chosen = [];
    private IActorRef?[] _places = [];
    private Epoch _epoch;
    private Checkpoint? _from;
    private bool _isOwnOpen;
    private int _seconds;
    private int _waited;

    /// <summary>By index, once all are there; empty before.</summary>
    public ImmutableArray<IActorRef> Shards { get; private set; } = [];

    /// <summary>For whose shards the start of the incarnation waits, a server at a time; nobody in its first second.</summary>
    public ImmutableArray<JobWait> Waits => _waited == 0 || !Shards.IsEmpty ? [] :
    [
        .. Enumerable.Range(0, _places.Length).Where(index => _places[index] is null).DistinctBy(index => index % _chosen.Length).Take(MaximumWaits)
            .Select(index => new JobWait("the start", _chosen[index % _chosen.Length].Node, null, index, [], _waited, IsCopied: false)),
    ];

    public IActorRef? Shard(int index) => index < _places.Length ? _places[index] : null;

    /// <summary>Begins an incarnation, whose shards the servers are asked to hold; this one when it can (<see cref="AskOwn"/>).</summary>
    /// <param name="nodes">Those that are up and reachable.</param>
    public void Start(Epoch epoch, Checkpoint? from, ImmutableArray<NodeView> nodes)
    {
        Release();
        (_epoch, _from, _isOwnOpen, _waited) = (epoch, from, false, 0);
        _places = new IActorRef?[job.Shape.Shards];
        _chosen = [.. Servers(nodes).Take(job.Shape.Shards)];
        Ask(_ => true);
    }

    /// <summary>The data is open here.</summary>
    public void AskOwn()
    {
        _isOwnOpen = true;
        Ask(index => _places[index] is null);
    }

    /// <summary>Ends the incarnation on all servers.</summary>
    public void Release()
    {
        foreach (var shard in _indices.Keys)
        {
            context.Unwatch(shard);
        }

        _indices.Clear();
        (_places, Shards) = ([], []);
        foreach (var server in _chosen)
        {
            Door(server).Tell(new ReleaseShards(_epoch), context.Self);
        }

        _chosen = [];
    }

    /// <summary>Takes what a server holds.</summary>
    /// <returns>Whether all shards are there now, and were not before.</returns>
    public bool Take(ShardsHeld held)
    {
        if (held.Epoch != _epoch || !Shards.IsEmpty)
        {
            return false;
        }

        foreach (var (index, place) in held.Shards)
        {
            if (index >= 0 && index < _places.Length && _places[index] is null)
            {
                _places[index] = context.Watch(place);
                _indices[place] = index;
            }
        }

        if (_places.Length == 0 || _places.Any(place => place is null))
        {
            return false;
        }

        Shards = [.. _places.OfType<IActorRef>()];
        return true;
    }

    /// <summary>A server cannot hold its shards.</summary>
    /// <returns>Why this incarnation is over; null if it is not.</returns>
    public string? Take(ShardsRefused refused)
    {
        if (refused.Epoch != _epoch || _chosen.All(server => server.Node != refused.Node))
        {
            return null;
        }

        _doubted[refused.Node] = SecondsOfDoubt;
        return $"{NameOf(refused.Node)} cannot hold its shards: {refused.Reason}";
    }

    /// <summary>A shard has ended.</summary>
    /// <returns>Its name; null if it was none of this incarnation.</returns>
    public string? Ended(IActorRef ended) => _indices.Remove(ended, out var index) ? PartNames.Shard(index) : null;

    /// <summary>The servers that are up and reachable are these by now.</summary>
    /// <returns>Why this incarnation is over; null if it is not (P8).</returns>
    public string? Take(ImmutableArray<NodeView> nodes)
    {
        foreach (var server in _chosen)
        {
            if (server.Node != services.Node && nodes.All(node => node.Node != server.Node))
            {
                return $"{server.Address}, which holds shards, does not answer or has left";
            }
        }

        return null;
    }

    /// <summary>The connection to a node broke.</summary>
    /// <returns>Why this incarnation is over; null if it is not (P8).</returns>
    public string? LinkLost(NodeId node)
    {
        _doubted[node] = SecondsOfDoubt;
        return Uses(node) ? $"the connection to {NameOf(node)}, which holds shards, broke" : null;
    }

    /// <summary>Who is to hold a shard of this incarnation; null while there is none.</summary>
    public NodeId? NodeOf(int shard) => _chosen.IsEmpty ? null : _chosen[shard % _chosen.Length].Node;

    /// <summary>Whether the node holds shards of this incarnation.</summary>
    public bool Uses(NodeId node) => _chosen.Any(server => server.Node == node);

    /// <summary>The node is about to stop, and is not chosen again.</summary>
    public void Avoid(NodeId node) => _doubted[node] = int.MaxValue;

    /// <summary>Once a second: asks again who has not answered, and now and then everybody.</summary>
    public void Tick()
    {
        foreach (var (node, seconds) in _doubted.ToList())
        {
            if (seconds == 1)
            {
                _doubted.Remove(node);
            }
            else if (seconds < int.MaxValue)
            {
                _doubted[node] = seconds - 1;
            }
        }

        _waited++;
        var remind = ++_seconds % SecondsBetweenReminders == 0;
        Ask(index => remind || _places[index] is null);
    }

    private IEnumerable<NodeView> Servers(ImmutableArray<NodeView> nodes)
    {
        var servers = nodes.Where(node => node.Roles.Contains(NodeOptions.ServerRole)).ToList();
        var own = servers.Find(node => node.Node == services.Node) ?? services.OwnView;
        return servers.Where(node => node.Node != own.Node && !_doubted.ContainsKey(node.Node) && NodeDoors.ComputesRight(node)).Prepend(own);
    }

    private void Ask(Func<int, bool> isAsked)
    {
        for (var server = _isOwnOpen ? 0 : 1; server < _chosen.Length; server++)
        {
            var first = server;
            var indices = Enumerable.Range(0, _places.Length).Where(index => index % _chosen.Length == first && isAsked(index));
            foreach (var page in indices.Chunk(ShardsPerMessage))
            {
                Door(_chosen[server]).Tell(
                    new HoldShards(
                        _epoch,
                        job.Spec,
                        _from is null ? null : new CheckpointKey(_from.Incarnation, _from.Item),
                        [.. page.Select(index => new ShardToHold(index, _from?.Parts[index].Sha256))]),
                    context.Self);
            }
        }
    }

    private string NameOf(NodeId node) => _chosen.FirstOrDefault(server => server.Node == node)?.Address ?? node.Value;

    private ActorSelection Door(NodeView server) => NodeDoors.Of(context, services, server, ServerDoorActor.Name);
}
