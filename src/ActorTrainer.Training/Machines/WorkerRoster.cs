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
    private long _generation;

    /// <summary>What keeps lanes from being dealt, in half a sentence; empty: there are workers enough.</summary>
    public string Lack(int minimum) =>
        _workers.Count >= minimum ? "" : $"waits for workers: {_workers.Count} of at least {minimum} are there";

    /// <summary>Whether the barrier follows the newest assignment.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>The worker comes; false if it was here.</summary>
    public bool Add(WorkerId worker, NodeId node) => Changed(_workers.TryAdd(worker.Value, node));

    /// <summary>The worker goes; false if it was not here.</summary>
    public bool Remove(WorkerId worker) => Changed(_workers.Remove(worker.Value));

    /// <summary>A new barrier, which knows no assignment.</summary>
    public void BeginAgain() => IsFollowed = false;

    public void Take(AssignmentTaken taken) => IsFollowed |= taken.Generation == _generation;

    /// <summary>What the barrier is to follow: every lane has an owner, unless there are too few workers; then none has.</summary>
    /// <param name="lanes">Of the run.</param>
    /// <param name="minimum">Fewer workers get nothing, at least 1.</param>
    public Assign Assignment(Epoch epoch, int lanes, int minimum) => new(
        epoch,
        _generation,
        _workers.Count >= minimum
            ? LaneAssignment.Of(lanes, _workers.Select(worker => new PlacedWorker(new WorkerId(worker.Key), worker.Value)))
            : [.. _workers.Select(worker => new LaneOwner(new WorkerId(worker.Key), worker.Value, []))]);

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
