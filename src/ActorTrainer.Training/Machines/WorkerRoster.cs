using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The workers of a job, and the assignment of its lanes that follows from who is there (P7): said to the
/// barrier until it follows. Every change is a new generation (P2).
/// </summary>
internal sealed class WorkerRoster
{
    private readonly SortedDictionary<string, NodeId> _workers = new(StringComparer.Ordinal);
    private readonly HashSet<NodeId> _wrong = [];
    private long _generation;

    /// <summary>What keeps lanes from being dealt, in half a sentence; empty: there are workers enough.</summary>
    public string Lack(int minimum) =>
        Usable.Count() is var there && there >= minimum ? "" : $"waits for workers: {there} of at least {minimum} are there";

    /// <summary>Workers that may compute: those of a node that was wrong only if there is no other.</summary>
    private IEnumerable<PlacedWorker> Usable
    {
        get
        {
            var all = _workers.Select(worker => new PlacedWorker(new WorkerId(worker.Key), worker.Value));
            var right = all.Where(worker => !_wrong.Contains(worker.Node));
            return right.Any() ? right : all;
        }
    }

    /// <summary>Whether the barrier follows the newest assignment.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>The worker comes; false if it was here.</summary>
    public bool Add(WorkerId worker, NodeId node) => Changed(_workers.TryAdd(worker.Value, node));

    /// <summary>The worker goes; false if it was not here.</summary>
    public bool Remove(WorkerId worker) => Changed(_workers.Remove(worker.Value));

    /// <summary>The node has computed wrongly (P11); false if that was known.</summary>
    public bool Avoid(NodeId node) => Changed(_wrong.Add(node));

    /// <summary>A new barrier, which knows no assignment.</summary>
    public void BeginAgain() => IsFollowed = false;

    public void Take(AssignmentTaken taken) => IsFollowed |= taken.Generation == _generation;

    /// <summary>What the barrier is to follow: every lane has an owner, unless there are too few workers; then none has.</summary>
    /// <param name="lanes">Of the run.</param>
    /// <param name="minimum">Fewer workers get nothing, at least 1.</param>
    public Assign Assignment(Epoch epoch, int lanes, int minimum)
    {
        PlacedWorker[] usable = [.. Usable];
        var owners = usable.Length >= minimum ? LaneAssignment.Of(lanes, usable) : [];
        var others = _workers.Where(worker => !owners.Any(owner => owner.Worker.Value == worker.Key));
        return new Assign(epoch, _generation, [.. owners, .. others.Select(worker => new LaneOwner(new WorkerId(worker.Key), worker.Value, []))]);
    }

    private bool Changed(bool changed)
    {
        if (changed)
        {
            _generation++;
            IsFollowed = false;
        }

        return changed;
    }
}
