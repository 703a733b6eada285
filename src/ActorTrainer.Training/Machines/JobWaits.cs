using System.Collections.Immutable;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>For whom a job waits, as its barrier said last, a node at a time; forgotten when the item is committed.</summary>
internal sealed class JobWaits
{
    /// <summary>Shown of each kind.</summary>
    private const int Maximum = 8;

    // Of this incarnation, which may repeat what the job has seen before (P8).
    private long _passed = -1;
    private long _item = -1;

    public ImmutableArray<JobWait> Now { get; private set; } = [];

    /// <summary>Takes what the barrier says, unless the item is committed already.</summary>
    /// <returns>Whether anything has changed.</returns>
    public bool Take(LanesLate late, Plan plan)
    {
        if (late.Item <= _passed || late.Item < _item)
        {
            return false;
        }

        _item = late.Item;
        var what = What(plan, late.Item);
        return Show(
        [
            .. late.Workers.GroupBy(worker => worker.Node).Take(Maximum).Select(node => new JobWait(
                what,
                node.Key,
                node.Count() == 1 ? node.First().Worker : null,
                null,
                [.. node.SelectMany(worker => worker.Lanes).Order()],
                node.Max(worker => worker.Seconds),
                node.All(worker => worker.Copier is not null))),
            .. late.Shards.Take(Maximum).Select(shard => new JobWait(what, null, null, shard.Shard, [], shard.Seconds, IsCopied: false)),
            .. late.Checkpoint is { } unstored
                ? [new JobWait(what, null, null, null, [], unstored.Seconds, IsCopied: false, unstored.Step)]
                : ImmutableArray<JobWait>.Empty,
        ]);
    }

    /// <summary>An item is committed.</summary>
    /// <returns>Whether a wait is over with it.</returns>
    public bool Passed(long item)
    {
        _passed = Math.Max(_passed, item);
        return _item <= _passed && Show([]);
    }

    /// <summary>The barrier that waited is no more.</summary>
    public void Clear() => (_passed, _item, Now) = (-1, -1, []);

    private bool Show(ImmutableArray<JobWait> waits)
    {
        var isNews = !waits.IsEmpty || !Now.IsEmpty;
        Now = waits;
        return isNews;
    }

    private static string What(Plan plan, long item)
    {
        if (item >= plan.Items)
        {
            return "the end of the run";
        }

        var at = plan[item];
        return at.IsTraining ? $"step {at.VersionAfter}" : $"the validation after step {at.Step}";
    }
}
