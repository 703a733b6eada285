using System.Collections.Immutable;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Whom an item waits for, and who computes a late owner's lanes too (P7). Once a second after its node's usual
/// time the job is told; at the node's deadline its missing lanes are given, for this item only, to a
/// worker of another node that has done its own: one copy at most, and whoever is first, counts.
/// </summary>
internal sealed class Stragglers(Epoch epoch, BarrierSettings settings, IOutbox outbox)
{
    // Usual ticks of a node that has not been measured, while none has: whom a run waits for after a start is told
    // within two seconds, too.
    private readonly int _unknown = settings.TicksPerSecond / 2;
    private const int MaximumPaces = 1024;

    private readonly Dictionary<NodeId, NodePace> _paces = [];
    private readonly Dictionary<WorkerId, WorkerId> _copiers = [];
    private readonly Dictionary<int, ImmutableArray<LaneBlock>> _shardsMiss = [];

    // Nodes that are measured for this item, or are not to be: somebody else computes for them.
    private readonly HashSet<NodeId> _done = [];
    private ImmutableArray<LaneOwner> _owners = [];
    private bool _measures;
    private int _ticks;
    private int _shardTicks;
    private long? _checkpoint;
    private int _checkpointTicks;
    private string _said = "";

    /// <summary>How often lanes were given to a second worker.</summary>
    public int Copies { get; private set; }

    /// <summary>An item opens.</summary>
    public void Begin(PlanItem item)
    {
        BeginAgain();
        _measures = item.IsTraining;
    }

    /// <summary>The lanes of the item that is collected are dealt anew, if one is: its time counts from here, and is no measure.</summary>
    public void Deal(ImmutableArray<LaneOwner> owners)
    {
        _owners = owners;
        BeginAgain();
        _measures = false;
        if (_paces.Count > MaximumPaces)
        {
            foreach (var gone in _paces.Keys.Except(owners.Select(owner => owner.Node)).ToArray())
            {
                _paces.Remove(gone);
            }
        }
    }

    /// <summary>The item is committed; from here on shards are waited for.</summary>
    public void Committed() => _shardTicks = 0;

    /// <summary>All is there, and the commit waits until the checkpoint of a step is settled; until the item is committed.</summary>
    public void WaitForCheckpoint(long step) => _checkpoint = step;

    /// <summary>A shard says what no offer has covered.</summary>
    public void Take(ShardMisses misses) => _shardsMiss[misses.Shard] = misses.Missing;

    /// <summary>A worker has reported lanes: measures its node when it was the last of it.</summary>
    public void Reported(WorkerId worker, ItemResults results)
    {
        if (!_measures || _owners.FirstOrDefault(owner => owner.Worker == worker) is not { } own || _done.Contains(own.Node)
            || _owners.Any(owner => owner.Node == own.Node && owner.Lanes.Any(results.Misses)))
        {
            return;
        }

        _done.Add(own.Node);
        Pace(own.Node).Add(_ticks);
    }

    /// <summary>A tick while the item is collected.</summary>
    public void Tick(PlanItem item, int attempt, ItemResults results)
    {
        _ticks++;
        ImmutableArray<(LaneOwner Owner, ImmutableArray<int> Lanes)> waits =
        [
            .. _owners.Select(owner => (owner, Missing(owner, results))).Where(wait => !wait.Item2.IsEmpty),
        ];
        _shardTicks = waits.IsEmpty && results.MissesShards ? _shardTicks + 1 : 0;
        _checkpointTicks += _checkpoint is null ? 0 : 1;
        foreach (var owner in _copiers.Keys.Where(owner => !waits.Any(wait => wait.Owner.Worker == owner)).ToArray())
        {
            _copiers.Remove(owner);
        }

        foreach (var (owner, lanes) in waits)
        {
            if (_ticks >= Pace(owner.Node).Deadline && CopierOf(owner, waits.Select(wait => wait.Owner)) is { } copier)
            {
                outbox.Send(Party.Worker(copier), new CopyLanes(epoch, item.Number, lanes, attempt));
            }
        }

        ImmutableArray<LateWorker> late =
        [
            .. waits.Where(wait => Beyond(wait.Owner.Node) >= settings.TicksPerSecond).Take(LatePartiesPerMessage).Select(wait => new LateWorker(
                wait.Owner.Worker,
                wait.Owner.Node,
                wait.Lanes,
                Beyond(wait.Owner.Node) / settings.TicksPerSecond,
                _copiers.TryGetValue(wait.Owner.Worker, out var copier) ? copier : null)),
        ];
        Say(item.Number, late, results.MissingShards);
    }

    /// <summary>A tick while shards apply the last commit, for which the next item waits.</summary>
    public void TickCommitted(long nextItem, IEnumerable<int> waitsFor)
    {
        _shardTicks++;
        Say(nextItem, [], waitsFor);
    }

    private void BeginAgain()
    {
        (_ticks, _shardTicks, _checkpoint, _checkpointTicks) = (0, 0, null, 0);
        _copiers.Clear();
        _shardsMiss.Clear();
        _done.Clear();
    }

    private NodePace Pace(NodeId node)
    {
        if (!_paces.TryGetValue(node, out var pace))
        {
            _paces.Add(node, pace = new NodePace(settings.TicksPerSecond, settings.TicksUnmeasured));
        }

        return pace;
    }

    /// <summary>Ticks beyond the usual time of a node: its own, or where it has none the slowest other's.</summary>
    private int Beyond(NodeId node) =>
        _ticks - (Pace(node).Usual ?? _paces.Values.Max(pace => pace.Usual) ?? _unknown);

    private ImmutableArray<int> Missing(LaneOwner owner, ItemResults results) =>
        [.. owner.Lanes.Where(lane => results.Misses(lane) || (_shardsMiss.Count > 0 && IsNotOffered(lane, results)))];

    /// <summary>Whether a shard that is not whole says that no offer has covered the lane.</summary>
    private bool IsNotOffered(int lane, ItemResults results) => results.MissingShards.Any(
        shard => _shardsMiss.TryGetValue(shard, out var blocks) && blocks.Any(block => block.Contains(lane)));

    /// <summary>Who computes a late owner's lanes too; chosen once: at best one that owns none. Null: everybody else is busy.</summary>
    private WorkerId? CopierOf(LaneOwner late, IEnumerable<LaneOwner> busy)
    {
        if (_copiers.TryGetValue(late.Worker, out var known))
        {
            return known;
        }

        var idle = _owners
            .Where(owner => owner.Node != late.Node && !busy.Contains(owner) && !_copiers.ContainsValue(owner.Worker))
            .OrderBy(owner => owner.Lanes.Length)
            .FirstOrDefault();
        if (idle is null)
        {
            return null;
        }

        _copiers.Add(late.Worker, idle.Worker);
        _done.Add(late.Node);
        Copies++;
        return idle.Worker;
    }

    private void Say(long item, ImmutableArray<LateWorker> workers, IEnumerable<int> waitsFor)
    {
        ImmutableArray<LateShard> shards = _shardTicks < settings.TicksPerSecond
            ? []
            : [.. waitsFor.Take(LatePartiesPerMessage).Select(shard => new LateShard(shard, _shardTicks / settings.TicksPerSecond))];

        LateCheckpoint? checkpoint = _checkpoint is { } step && _checkpointTicks >= settings.TicksPerSecond
            ? new LateCheckpoint(step, _checkpointTicks / settings.TicksPerSecond)
            : null;

        // Said when it changes: whom it is about, and the seconds.
        var what = string.Join(';', workers.Select(late => $"{late.Worker} {string.Join(',', late.Lanes)} {late.Seconds} {late.Copier}"))
            + string.Join(';', shards.Select(late => $"{late.Shard} {late.Seconds}"))
            + checkpoint;
        if (what != _said)
        {
            _said = what;
            outbox.Send(Party.Job, new LanesLate(epoch, item, workers, shards, checkpoint));
        }
    }
}
