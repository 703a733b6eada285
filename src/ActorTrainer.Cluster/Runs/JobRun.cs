using System.Collections.Immutable;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// The run of a job as its actor sees it: the barrier, which is its child; shards on servers
/// (<see cref="RunServers"/>); workers on nodes (<see cref="RunWorkers"/>). Barrier and shards live for one
/// incarnation, workers follow from one to the next. Used by that actor alone.
/// </summary>
internal sealed class JobRun
{
    /// <summary>Between two times that everybody is told again who is there: one of them may not have heard (P6).</summary>
    private const int SecondsBetweenMembers = 2;

    private readonly IActorContext _context;
    private readonly JobFact.Submitted _job;
    private readonly RunServices _services;
    private readonly RunServers _servers;
    private readonly RunWorkers _workers;
    private ImmutableArray<NodeView> _nodes = [];
    private Epoch _epoch;
    private Checkpoint? _from;
    private bool _isWaiting;
    private int _seconds;

    public JobRun(IActorContext context, JobFact.Submitted job, RunServices services)
    {
        (_context, _job, _services) = (context, job, services);
        _servers = new RunServers(context, job, services);
        _workers = new RunWorkers(context, job, services);
        context.ActorSelection($"/user/{ClusterWatchActor.Name}").Tell(new ClusterWatchActor.Subscribe(), context.Self);
    }

    /// <summary>Whether a run was started and not stopped.</summary>
    public bool IsStarted { get; private set; }

    public IActorRef? Barrier { get; private set; }

    /// <summary>Who holds the newest weights; null while nobody does.</summary>
    public IActorRef? Replica => _workers.Replica;

    /// <summary>For whom the start of the incarnation waits.</summary>
    public ImmutableArray<JobWait> Waits => IsStarted ? _servers.Waits : [];

    public IActorRef? Shard(int index) => _servers.Shard(index);

    public NodeId? NodeOfShard(int index) => _servers.NodeOf(index);

    /// <summary>
    /// Ends what runs of an older incarnation and begins this one: shards are asked for, and the data is
    /// opened, which comes back as <see cref="Opened"/> or <see cref="Unopened"/>.
    /// </summary>
    public void Start(Epoch epoch, Checkpoint? from)
    {
        StopBarrier();
        (_epoch, _from, IsStarted, _isWaiting) = (epoch, from, true, true);
        _servers.Release();
        BeginIfNodesAreKnown();
    }

    /// <summary>Opens the data, unless a newer incarnation has begun meanwhile.</summary>
    public void Open(Epoch epoch)
    {
        if (IsOf(epoch))
        {
            _services.Runs.OpenAsync(_job.Spec.Recipe).PipeTo(
                _context.Self,
                success: run => new Opened(epoch, run),
                failure: cause => new Unopened(epoch, cause.GetBaseException()));
        }
    }

    /// <summary>Whether the data was opened for this incarnation and not an older one.</summary>
    public bool IsOf(Epoch epoch) => IsStarted && epoch == _epoch;

    /// <summary>Starts the barrier.</summary>
    public void Take(Opened opened)
    {
        if (!IsOf(opened.Epoch))
        {
            return;
        }

        var shards = opened.Run.Shards(_job.Spec.Placement.ParameterShards);
        var part = _from is null
            ? null
            : new CheckpointPartActor.Load(
                new PartKey(_job.Job, PartNames.Lanes, _from.Incarnation, _from.Item), _from.Parts.First(part => part.Part == PartNames.Lanes).Sha256);
        Barrier = _context.Watch(_context.ActorOf(
            StepBarrierActor.Props(opened.Run, shards, _epoch, _job.Spec.Placement.CheckpointInterval, part, _services, _context.Self),
            $"barrier-{_epoch.Incarnation}"));
        _servers.AskOwn();
        TellMembers();
    }

    /// <summary>Takes the shards that a server holds.</summary>
    public void Take(ShardsHeld held)
    {
        if (IsStarted && _servers.Take(held))
        {
            TellMembers();
        }
    }

    /// <summary>A server cannot hold its shards.</summary>
    /// <returns>What has happened to the run.</returns>
    public Change Take(ShardsRefused refused) => IsStarted ? Change.Broken(_servers.Take(refused)) : Change.None;

    /// <summary>Takes the workers of a node.</summary>
    /// <returns>What has happened to the run.</returns>
    public Change Take(NodeJoined joined)
    {
        var (come, gone) = _workers.Take(joined);
        if (come.IsEmpty && gone.IsEmpty)
        {
            return Change.None;
        }

        TellMembers();
        return new Change([.. come.Select(worker => new JobProtocol.WorkerJoined(worker, joined.Node))], gone, null);
    }

    /// <summary>A node cannot take part.</summary>
    public void Take(NodeRefused refused) => _workers.Take(refused);

    /// <summary>The nodes that are up and reachable are these by now.</summary>
    /// <returns>What has happened to the run.</returns>
    public Change Take(ClusterWatchActor.NodesUp up)
    {
        var gone = _nodes.Where(node => up.Nodes.All(there => there.Node != node.Node)).ToList();
        _nodes = up.Nodes;
        var lost = _workers.Take(up.Nodes);
        gone.ForEach(node => TellNodeLost(node.Node));
        BeginIfNodesAreKnown();
        return Lost(lost) with { BrokenBecause = IsStarted ? _servers.Take(up.Nodes) : null };
    }

    /// <summary>The connection to a node broke.</summary>
    /// <returns>What has happened to the run.</returns>
    public Change Take(ClusterWatchActor.LinkLost broken)
    {
        var lost = _workers.LinkLost(broken.Node);
        TellNodeLost(broken.Node);
        return Lost(lost) with { BrokenBecause = IsStarted ? _servers.LinkLost(broken.Node) : null };
    }

    /// <summary>Something that was watched has ended.</summary>
    /// <param name="because">Why parties of this process ended, as far as it is known.</param>
    /// <returns>What has happened to the run; null if it was nothing of it.</returns>
    public Change? Ended(IActorRef ended, string because)
    {
        var party = _servers.Ended(ended);
        if (ended.Equals(Barrier))
        {
            (Barrier, party) = (null, PartNames.Lanes);
        }

        if (party is not null)
        {
            return Change.Broken($"{(party == PartNames.Lanes ? "the barrier" : party)} ended: {because}");
        }

        if (_workers.Ended(ended) is not { } node)
        {
            return null;
        }

        TellNodeLost(node.Node);
        return Lost(node.Lost);
    }

    /// <summary>A node is about to stop (P12): from the next incarnation on it holds no shards.</summary>
    /// <returns>Whether it holds some now.</returns>
    public bool Avoid(NodeId node)
    {
        _servers.Avoid(node);
        return IsStarted && _servers.Uses(node);
    }

    /// <summary>A node is about to stop (P12): its workers are taken off, and it gets no others.</summary>
    /// <returns>What has happened to the run.</returns>
    public Change Leave(NodeId node) => Lost(_workers.Leave(node));

    /// <summary>Once a second: asks again whoever has not answered.</summary>
    public void Tick()
    {
        if (IsStarted)
        {
            _servers.Tick();
            _workers.Tick();
            if (++_seconds % SecondsBetweenMembers == 0)
            {
                TellMembers();
            }
        }
    }

    /// <summary>Ends everything.</summary>
    /// <returns>The workers that are let go.</returns>
    public ImmutableArray<WorkerId> Stop()
    {
        StopBarrier();
        _servers.Release();
        (IsStarted, _isWaiting) = (false, false);
        return _workers.Stop();
    }

    /// <summary>A job that has just been recovered has not heard of the nodes yet, and would hold all shards itself.</summary>
    private void BeginIfNodesAreKnown()
    {
        if (_isWaiting && !_nodes.IsEmpty)
        {
            _isWaiting = false;
            _servers.Start(_epoch, _from, _nodes);
            _workers.Start();
            Open(_epoch);
        }
    }

    private void StopBarrier()
    {
        if (Barrier is { } barrier)
        {
            _context.Unwatch(barrier);
            _context.Stop(barrier);
            Barrier = null;
        }
    }

    private Change Lost(ImmutableArray<WorkerId> workers)
    {
        if (!workers.IsEmpty)
        {
            TellMembers();
        }

        return new Change([], workers, null);
    }

    private void TellNodeLost(NodeId node)
    {
        foreach (var shard in _servers.Shards)
        {
            shard.Tell(new WeightsProtocol.NodeLost(node));
        }
    }

    /// <summary>Everybody hears where those are that it speaks to, and of no others: a list is one message (P13).</summary>
    private void TellMembers()
    {
        if (Barrier is null || _servers.Shards.IsEmpty)
        {
            return;
        }

        var joined = _workers.Joined.ToList();
        ImmutableArray<NodePlace> nodes = [.. joined.Select(node => node.Node)];
        Barrier.Tell(new Members(_epoch, Barrier, _servers.Shards, nodes, [.. joined.SelectMany(node => node.Workers)]));
        var ofShards = new Members(_epoch, Barrier, _servers.Shards, nodes, []);
        foreach (var shard in _servers.Shards)
        {
            shard.Tell(ofShards);
        }

        foreach (var (node, workers) in joined)
        {
            node.Place.Tell(new Members(_epoch, Barrier, _servers.Shards, [node], workers));
        }
    }

    /// <summary>What the job's core is to hear.</summary>
    /// <param name="BrokenBecause">Why this incarnation is over (P8); null if it is not.</param>
    public sealed record Change(ImmutableArray<JobProtocol.WorkerJoined> Joined, ImmutableArray<WorkerId> Lost, string? BrokenBecause)
    {
        public static Change None { get; } = new([], [], null);

        public static Change Broken(string? because) => because is null ? None : new Change([], [], because);
    }

    /// <summary>The data of this incarnation's run is open.</summary>
    public sealed record Opened(Epoch Epoch, TrainingRun Run);

    /// <summary>The data cannot be opened.</summary>
    public sealed record Unopened(Epoch Epoch, Exception Cause);
}
