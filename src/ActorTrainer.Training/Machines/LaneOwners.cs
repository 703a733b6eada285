using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Which worker computes which lanes: the newest assignment of the job that the barrier has heard of, and
/// how it is told to the workers (P7). The generation only numbers assignments (P2); the attempt counts
/// how often lanes were dealt to be computed again (P11).
/// </summary>
internal sealed class LaneOwners(Epoch epoch, IOutbox outbox)
{
    private long _generation = -1;
    private ImmutableArray<LaneOwner> _owners = [];
    private long? _remindedOf;

    /// <summary>Everybody in the assignment, also those that own no lane.</summary>
    public IEnumerable<WorkerId> Workers => _owners.Select(owner => owner.Worker);

    /// <summary>The newest assignment: one entry a worker.</summary>
    public ImmutableArray<LaneOwner> Owners => _owners;

    /// <summary>The attempt that counts.</summary>
    public int Attempt { get; private set; }

    /// <summary>Whether a worker has missed a later generation or attempt than it reports of.</summary>
    public bool AreNewerThan(LanesReported reported) => reported.Generation < _generation || reported.Attempt < Attempt;

    /// <summary>Follows an assignment, unless a later one is followed already, and says so to the job.</summary>
    /// <param name="item">The item that is collected, whose lanes are dealt anew; null between two items.</param>
    /// <returns>Whether it is news.</returns>
    public bool Follow(Assign assign, long? item)
    {
        var isNews = assign.Generation > _generation;
        if (isNews)
        {
            (_generation, _owners) = (assign.Generation, assign.Owners);
            if (item is { } first)
            {
                DealAll(first);
            }
        }

        outbox.Send(Party.Job, new AssignmentTaken(epoch, _generation));
        return isNews;
    }

    /// <summary>
    /// Has the item computed again, where there are several nodes by another node than before (P11). It stays
    /// like that until the next assignment.
    /// </summary>
    public void DealAgain(long item)
    {
        Attempt++;
        _owners = Elsewhere(_owners);
        DealAll(item);
    }

    /// <summary>Tells a worker what is its own from this item on, which may be nothing.</summary>
    public void Deal(WorkerId worker, long item)
    {
        var owner = _owners.FirstOrDefault(owner => owner.Worker == worker);
        outbox.Send(Party.Worker(worker), new AssignLanes(epoch, _generation, item, owner?.Lanes ?? [], Attempt));
    }

    /// <summary>
    /// At a tick, tells the owners of missing lanes again what is theirs. While a shard's tree is not whole, that is
    /// every owner: a lane that was reported may have been offered to some shards only by a worker that is
    /// gone, and its new owner may not know yet. An item that was not collected at the tick before is not late:
    /// steps shorter than a tick cost no reminders.
    /// </summary>
    public void Remind(long item, ItemResults results)
    {
        if (_remindedOf != item)
        {
            _remindedOf = item;
            return;
        }

        foreach (var owner in _owners)
        {
            if (owner.Lanes.Any(lane => results.MissesShards || results.Misses(lane)))
            {
                Deal(owner.Worker, item);
            }
        }
    }

    /// <summary>Each node gets the lanes of the one before it, dealt among its workers as equally as whole lanes allow.</summary>
    private static ImmutableArray<LaneOwner> Elsewhere(ImmutableArray<LaneOwner> owners)
    {
        var nodes = owners.GroupBy(owner => owner.Node).Select(node => node.ToArray()).ToArray();
        var moved = ImmutableArray.CreateBuilder<LaneOwner>(owners.Length);
        for (var i = 0; i < nodes.Length; i++)
        {
            var lanes = nodes[(i + nodes.Length - 1) % nodes.Length].SelectMany(owner => owner.Lanes).Order().ToArray();
            for (var worker = 0; worker < nodes[i].Length; worker++)
            {
                var (first, end) = (worker * lanes.Length / nodes[i].Length, (worker + 1) * lanes.Length / nodes[i].Length);
                moved.Add(nodes[i][worker] with { Lanes = [.. lanes[first..end]] });
            }
        }

        return moved.MoveToImmutable();
    }

    private void DealAll(long item)
    {
        foreach (var owner in _owners)
        {
            Deal(owner.Worker, item);
        }
    }
}
