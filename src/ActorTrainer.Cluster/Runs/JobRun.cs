using System.Collections.Immutable;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// The run of a job as its actor sees it: barrier and shards, which are its children and live for one
/// incarnation, and the node with the workers. Used by that actor alone.
/// </summary>
/// <param name="node">The node's door; null where this process computes nothing.</param>
internal sealed class JobRun(IActorContext context, JobFact.Submitted job, IActorRef? node, RunServices services)
{
    private readonly Dictionary<IActorRef, string> _parties = [];
    private ImmutableArray<IActorRef> _shards = [];
    private ImmutableArray<WorkerPlace> _workers = [];
    private IActorRef? _barrier;
    private IActorRef? _replica;
    private Epoch _epoch;
    private Checkpoint? _from;

    /// <summary>Whether a run was started and not stopped.</summary>
    public bool IsStarted { get; private set; }

    public IActorRef? Barrier => _barrier;

    /// <summary>Who holds the newest weights; null while nobody does.</summary>
    public IActorRef? Replica => _replica;

    public IActorRef? Shard(int index) => index < _shards.Length ? _shards[index] : null;

    /// <summary>
    /// Ends what runs of an older incarnation and begins this one: first the data is opened, which comes
    /// back as <see cref="Opened"/> or <see cref="Unopened"/>.
    /// </summary>
    public void Start(Epoch epoch, Checkpoint? from)
    {
        StopParties();
        (_epoch, _from, IsStarted) = (epoch, from, true);
        services.Runs.OpenAsync(job.Spec.Recipe).PipeTo(
            context.Self,
            success: run => new Opened(epoch, run),
            failure: cause => new Unopened(epoch, cause.GetBaseException().Message));
        AskNode();
    }

    /// <summary>Starts barrier and shards, unless a newer incarnation has begun meanwhile.</summary>
    public bool Take(Opened opened)
    {
        if (!IsStarted || opened.Epoch != _epoch)
        {
            return false;
        }

        var shards = opened.Run.Shards(job.Spec.Placement.ParameterShards);
        var interval = job.Spec.Placement.CheckpointInterval;
        _barrier = Child(
            StepBarrierActor.Props(opened.Run, shards, _epoch, interval, _from, services, context.Self),
            $"barrier-{_epoch.Incarnation}");
        _shards =
        [
            .. Enumerable.Range(0, shards.Count).Select(index => Child(
                ParameterShardActor.Props(opened.Run, shards, _epoch, index, _from, services, context.Self),
                $"{PartNames.Shard(index)}-{_epoch.Incarnation}")),
        ];
        TellMembers();
        return true;
    }

    /// <summary>Takes the workers of a node.</summary>
    /// <returns>Who has come and who has gone.</returns>
    public (ImmutableArray<WorkerId> Joined, ImmutableArray<WorkerId> Lost) Take(NodeJoined joined)
    {
        if (!IsStarted)
        {
            return ([], []);
        }

        if (!joined.Replica.Equals(_replica))
        {
            _replica = context.Watch(joined.Replica);
        }

        return Change(joined.Workers);
    }

    /// <summary>A party, or the node's part, has ended.</summary>
    /// <returns>Which party of this incarnation it was; null if it was none.</returns>
    public string? PartyEnded(IActorRef ended) => _parties.Remove(ended, out var name) ? name : null;

    /// <summary>The node's part has ended, and its workers with it.</summary>
    public ImmutableArray<WorkerId> NodeEnded(IActorRef ended)
    {
        if (!ended.Equals(_replica))
        {
            return [];
        }

        _replica = null;
        foreach (var shard in _shards)
        {
            shard.Tell(new WeightsProtocol.NodeLost(services.Node));
        }

        return Change([]).Lost;
    }

    /// <summary>Asks the node for workers, as long as there are none.</summary>
    public void AskNodeAgain()
    {
        if (IsStarted && _replica is null)
        {
            AskNode();
        }
    }

    /// <summary>Ends everything.</summary>
    /// <returns>The workers that are let go.</returns>
    public ImmutableArray<WorkerId> Stop()
    {
        StopParties();
        IsStarted = false;
        if (_replica is not null)
        {
            context.Unwatch(_replica);
            _replica = null;
        }

        node?.Tell(new LeaveRun(job.Job), context.Self);
        ImmutableArray<WorkerId> workers = [.. _workers.Select(worker => worker.Worker)];
        _workers = [];
        return workers;
    }

    private void AskNode() => node?.Tell(new TakePart(job.Job, job.Spec, job.Spec.Placement.Workers), context.Self);

    private IActorRef Child(Props props, string name)
    {
        var child = context.Watch(context.ActorOf(props, name));
        _parties.Add(child, name);
        return child;
    }

    private void StopParties()
    {
        foreach (var party in _parties.Keys)
        {
            context.Unwatch(party);
            context.Stop(party);
        }

        _parties.Clear();
        (_barrier, _shards) = (null, []);
    }

    private (ImmutableArray<WorkerId> Joined, ImmutableArray<WorkerId> Lost) Change(ImmutableArray<WorkerPlace> workers)
    {
        var before = _workers;
        _workers = workers;
        ImmutableArray<WorkerId> joined = [.. workers.Select(worker => worker.Worker).Except(before.Select(worker => worker.Worker))];
        ImmutableArray<WorkerId> lost = [.. before.Select(worker => worker.Worker).Except(workers.Select(worker => worker.Worker))];
        if (!joined.IsEmpty || !lost.IsEmpty)
        {
            TellMembers();
        }

        return (joined, lost);
    }

    private void TellMembers()
    {
        if (_barrier is null)
        {
            return;
        }

        var members = new Members(_epoch, _barrier, _shards, _replica is null ? [] : [new NodePlace(services.Node, _replica)], _workers);
        _barrier.Tell(members);
        foreach (var shard in _shards)
        {
            shard.Tell(members);
        }

        _replica?.Tell(members);
    }

    /// <summary>The data of this incarnation's run is open.</summary>
    public sealed record Opened(Epoch Epoch, TrainingRun Run);

    /// <summary>The data cannot be opened, and could not the next time.</summary>
    public sealed record Unopened(Epoch Epoch, string Reason);
}
