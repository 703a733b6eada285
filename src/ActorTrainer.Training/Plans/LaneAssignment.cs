using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Plans;

/// <summary>
/// Deals lanes to workers: consecutive lanes each, as equally as whole lanes allow, workers ordered by
/// node and id (ordinal), so that the sums of a node's workers meet low in the tree (B4). A function of the
/// set of workers alone, so that every party that knows it agrees.
/// </summary>
public static class LaneAssignment
{
    /// <summary>
    /// One entry a worker, ordered by node and id; lanes ascend along it. Of more workers than lanes the last are
    /// idle: their entry has no lanes.
    /// </summary>
    /// <exception cref="ArgumentException">No worker, or one twice.</exception>
    public static ImmutableArray<JobProtocol.LaneOwner> Of(int lanes, IEnumerable<PlacedWorker> workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        var ordered = workers
            .OrderBy(worker => worker.Node.Value, StringComparer.Ordinal)
            .ThenBy(worker => worker.Worker.Value, StringComparer.Ordinal)
            .ToImmutableArray();
        if (ordered.IsEmpty)
        {
            throw new ArgumentException("Lanes need at least one worker.", nameof(workers));
        }

        var busy = Math.Min(ordered.Length, lanes);
        var owners = ImmutableArray.CreateBuilder<JobProtocol.LaneOwner>(ordered.Length);
        for (var i = 0; i < ordered.Length; i++)
        {
            if (i > 0 && ordered[i] == ordered[i - 1])
            {
                throw new ArgumentException($"Worker {ordered[i].Worker} is named twice.", nameof(workers));
            }

            var first = FirstLane(Math.Min(i, busy), lanes, busy);
            var end = FirstLane(Math.Min(i + 1, busy), lanes, busy);
            owners.Add(new JobProtocol.LaneOwner(ordered[i].Worker, ordered[i].Node, [.. Enumerable.Range(first, end - first)]));
        }

        return owners.MoveToImmutable();
    }

    private static int FirstLane(int worker, int lanes, int workers) => (int)((long)worker * lanes / workers);
}

/// <summary>A worker and where it computes.</summary>
public readonly record struct PlacedWorker(WorkerId Worker, NodeId Node);
