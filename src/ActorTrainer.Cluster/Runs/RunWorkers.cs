using System.Collections.Immutable;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Numerics;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// The nodes that compute for a job, and their workers: each node is asked for its share of them
/// (<see cref="WorkerShares"/>), and asked again while it does not answer. Used by the job's actor alone.
/// </summary>
/// <remarks>
/// A node that is not reachable or whose connection broke is lost at once; it is asked again every second
/// while it is a reachable member, and its workers, if they live, are taken back. A node gives up workers
/// only when another has joined with its own: until then nobody would compute in their place.
/// </remarks>
internal sealed class RunWorkers(IActorContext context, JobFact.Submitted job, RunServices services)
{
    /// <summary>Seconds for which a node that refused is not asked again.</summary>
    private const int SecondsOfRefusal = 10;

    /// <summary>Seconds between two times that a node which has joined is asked again: it knows by it that it is wanted.</summary>
    private const int SecondsBetweenReminders = 5;

    private readonly ILoggingAdapter _log = context.GetLogger();
    private readonly Dictionary<NodeId, Part> _parts = [];
    private readonly HashSet<NodeId> _leaving = [];
    private readonly HashSet<NodeId> _wrong = [];
    private bool _isAsking;
    private int _joins;
    private int _seconds;

    /// <summary>Every node that has joined, and its workers, by id.</summary>
    public IEnumerable<(NodePlace Node, ImmutableArray<WorkerPlace> Workers)> Joined => _parts.Values
        .Where(part => part.Replica is not null)
        .OrderBy(part => part.View.Node.Value, StringComparer.Ordinal)
        .Select(part => (new NodePlace(part.View.Node, part.Replica!), part.Workers));

    /// <summary>Who holds the newest weights; null while nobody does. Of this node, if it computes.</summary>
    public IActorRef? Replica =>
        _parts.GetValueOrDefault(services.Node)?.Replica ?? _parts.Values.FirstOrDefault(part => part.Replica is not null)?.Replica;

    /// <summary>Asks all nodes that there are, from now on.</summary>
    public void Start()
    {
        _isAsking = true;
        Ask(remind: true);
    }

    /// <summary>Lets all nodes go, and asks no more.</summary>
    /// <returns>The workers that are let go.</returns>
    public ImmutableArray<WorkerId> Stop()
    {
        _isAsking = false;
        var lost = ImmutableArray.CreateBuilder<WorkerId>();
        foreach (var part in _parts.Values)
        {
            if (part.Asked > 0)
            {
                Door(part.View).Tell(new LeaveRun(job.Job), context.Self);
            }

            part.Asked = 0;
            lost.AddRange(Lose(part));
        }

        return lost.ToImmutable();
    }

    /// <summary>The nodes that are up and reachable.</summary>
    /// <returns>The workers that are lost.</returns>
    public ImmutableArray<WorkerId> Take(ImmutableArray<NodeView> nodes)
    {
        var lost = ImmutableArray.CreateBuilder<WorkerId>();
        foreach (var part in _parts.Values.Where(part => nodes.All(node => node.Node != part.View.Node)).ToList())
        {
            lost.AddRange(Lose(part));
            _parts.Remove(part.View.Node);
        }

        _leaving.RemoveWhere(leaving => nodes.All(node => node.Node != leaving));
        foreach (var node in nodes.Where(node => node.ComputeThreads > 0 && node.Roles.Contains(NodeOptions.WorkerRole)))
        {
            if (!NodeDoors.ComputesRight(node))
            {
                RefuseOnce(node);
            }
            else if (_parts.TryGetValue(node.Node, out var known))
            {
                known.View = node;
            }
            else
            {
                _parts.Add(node.Node, new Part(node));
            }
        }

        Ask(remind: false);
        return lost.ToImmutable();
    }

    /// <summary>Takes the workers of a node.</summary>
    /// <returns>Who has come and who has gone.</returns>
    public (ImmutableArray<WorkerId> Joined, ImmutableArray<WorkerId> Lost) Take(NodeJoined joined)
    {
        if (!_isAsking || !_parts.TryGetValue(joined.Node, out var part) || _leaving.Contains(joined.Node))
        {
            return ([], []);
        }

        var before = part.Workers;
        var isNew = part.Replica is null;
        if (!joined.Replica.Equals(part.Replica))
        {
            Unwatch(part);
            part.Replica = context.Watch(joined.Replica);
        }

        part.Workers = joined.Workers;
        if (isNew)
        {
            part.Joined = _joins++;
            Ask(remind: false);
        }

        return (
            [.. joined.Workers.Select(worker => worker.Worker).Except(before.Select(worker => worker.Worker))],
            [.. before.Select(worker => worker.Worker).Except(joined.Workers.Select(worker => worker.Worker))]);
    }

    /// <summary>A node cannot take part as things are.</summary>
    public void Take(NodeRefused refused)
    {
        if (_parts.TryGetValue(refused.Node, out var part) && part.Refused == 0)
        {
            (part.Refused, part.Asked) = (SecondsOfRefusal, 0);
            _log.Warning("Job {0}: {1} cannot compute for it, and is asked again in {2} s: {3}", job.Job, part.View.Address, SecondsOfRefusal, refused.Reason);
        }
    }

    /// <summary>A node's part has ended, and its workers with it.</summary>
    /// <returns>The node and its workers; null if it was none that had joined.</returns>
    public (NodeId Node, ImmutableArray<WorkerId> Lost)? Ended(IActorRef ended) =>
        _parts.Values.FirstOrDefault(part => ended.Equals(part.Replica)) is { } part ? (part.View.Node, Lose(part)) : null;

    /// <summary>The connection to a node broke: it is lost until it answers again.</summary>
    /// <returns>The workers that are lost.</returns>
    public ImmutableArray<WorkerId> LinkLost(NodeId node) => _parts.TryGetValue(node, out var part) ? Lose(part) : [];

    /// <summary>The node is about to stop: its workers go, and it is not asked again.</summary>
    /// <returns>The workers that are lost.</returns>
    public ImmutableArray<WorkerId> Leave(NodeId node)
    {
        _leaving.Add(node);
        return _parts.TryGetValue(node, out var part) ? Lose(part) : [];
    }

    /// <summary>Once a second: asks who has not joined, and now and then everybody.</summary>
    public void Tick()
    {
        foreach (var part in _parts.Values.Where(part => part.Refused > 0))
        {
            part.Refused--;
        }

        Ask(remind: ++_seconds % SecondsBetweenReminders == 0);
    }

    private Dictionary<NodeId, int> Shares(IEnumerable<Part> parts) => WorkerShares
        .Of(job.Spec.Placement.Workers, parts.Select(part => new NodeThreads(part.View.Node, part.View.ComputeThreads)))
        .ToDictionary(share => share.Node, share => share.Workers);

    private void Ask(bool remind)
    {
        if (!_isAsking)
        {
            return;
        }

        // Who has joined first is first where shares are equal: a worker does not move without need.
        var able = _parts.Values.Where(part => part.Refused == 0 && !_leaving.Contains(part.View.Node))
            .OrderBy(part => part.Joined).ThenBy(part => part.View.Node.Value, StringComparer.Ordinal).ToList();
        var ofAll = Shares(able);
        var ofJoined = Shares(able.Where(part => part.Replica is not null));
        foreach (var part in able)
        {
            var share = ofJoined.GetValueOrDefault(part.View.Node, ofAll[part.View.Node]);
            if (share == 0 && (part.Asked > 0 || (remind && part.Replica is not null)))
            {
                Door(part.View).Tell(new LeaveRun(job.Job), context.Self);
            }
            else if (share > 0 && (share != part.Asked || part.Replica is null || remind))
            {
                Door(part.View).Tell(new TakePart(job.Job, job.Spec, share), context.Self);
            }

            part.Asked = share;
        }
    }

    private ImmutableArray<WorkerId> Lose(Part part)
    {
        Unwatch(part);
        ImmutableArray<WorkerId> lost = [.. part.Workers.Select(worker => worker.Worker)];
        (part.Replica, part.Workers, part.Joined) = (null, [], int.MaxValue);
        return lost;
    }

    private void Unwatch(Part part)
    {
        if (part.Replica is { } replica)
        {
            context.Unwatch(replica);
        }
    }

    private void RefuseOnce(NodeView node)
    {
        if (_wrong.Add(node.Node))
        {
            _log.Warning(
                "Job {0}: {1} gets no lanes: its arithmetic gives {2} and not {3}, as another version or a faulty machine would",
                job.Job,
                node.Address,
                node.Capabilities.ProbeSha256,
                Probe.Expected);
        }
    }

    private ActorSelection Door(NodeView node) => NodeDoors.Of(context, services, node, NodeActor.Name);

    private sealed class Part(NodeView view)
    {
        public NodeView View { get; set; } = view;

        public IActorRef? Replica { get; set; }

        public ImmutableArray<WorkerPlace> Workers { get; set; } = [];

        /// <summary>Its place among those that have joined.</summary>
        public int Joined { get; set; } = int.MaxValue;

        /// <summary>Workers that it was asked for last.</summary>
        public int Asked { get; set; }

        /// <summary>Seconds until it is asked again.</summary>
        public int Refused { get; set; }
    }
}
