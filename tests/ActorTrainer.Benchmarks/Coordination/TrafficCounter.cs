using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Serialization;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>
/// Counts what this process sends to others, and pulls from them: each message by the step that it names, so that no
/// moment has to be caught at which the counts are read.
/// </summary>
/// <remarks>Of a plan whose first items are its training steps.</remarks>
/// <param name="first">The first step that is measured, from 0.</param>
/// <param name="end">The one after the last.</param>
internal sealed class TrafficCounter(long first, long end)
{
    private readonly ConcurrentDictionary<string, Traffic.Kind> _ofSteps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Traffic.Kind> _ofTime = new(StringComparer.Ordinal);
    private long _tensorBytes;

    /// <summary>So far.</summary>
    public Traffic Traffic => new(_ofSteps.ToImmutableSortedDictionary(), _ofTime.ToImmutableSortedDictionary(), Interlocked.Read(ref _tensorBytes));

    /// <summary>Counts from now on, in place of any other.</summary>
    public void Start()
    {
        ClusterMessageSerializer.Written = Count;
        TensorArrivals.Came = (message, floats) =>
        {
            if (StepOf(message) is { } step && step >= first && step < end)
            {
                Interlocked.Add(ref _tensorBytes, floats * sizeof(float));
            }
        };
    }

    private static long? StepOf(object message) => message switch
    {
        Offer offer => offer.Item,
        LanesReported reported => reported.Item,
        ItemCommitted committed => committed.Item,
        Commit commit => commit.Item,
        Applied applied => applied.Item,
        ShardWhole whole => whole.Item,
        ShardMisses misses => misses.Item,
        CopyLanes copy => copy.Item,
        AskLaneStates ask => ask.Item,
        LaneStates states => states.Item,
        Published published => published.Version - 1,
        _ => null,
    };

    private void Count(object message, int bytes)
    {
        var step = StepOf(message);
        if (step is null || (step >= first && step < end))
        {
            (step is null ? _ofTime : _ofSteps).AddOrUpdate(
                message.GetType().Name, static (_, added) => new Traffic.Kind(1, added), static (_, before, added) => before + new Traffic.Kind(1, added), bytes);
        }
    }
}
