using System.Collections.Immutable;
using ActorTrainer.Training;
using ActorTrainer.Training.Ledger;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Follows what a run tells its watchers and what its shards apply, and knows what it must have come to:
/// the undisturbed run's weights, every item told once with its bits, every sample applied once on every shard.
/// </summary>
internal sealed class SimOracle(SimWorld world)
{
    private readonly SortedDictionary<long, ItemReport> _history = [];
    private readonly Dictionary<SimJob, long> _lastSeen = [];
    private readonly SampleLedger[] _ledgers =
        [.. Enumerable.Range(0, world.Shards.Count).Select(_ => new SampleLedger(world.Run.Lanes.BatchSize))];

    private TrainingRun Run => world.Run;

    /// <summary>A process of the job begins, which has told nobody anything.</summary>
    public void JobStarts(SimJob job) => _lastSeen.Add(job, -1);

    /// <summary>An incarnation starts where a checkpoint stands.</summary>
    public void StartFrom(Checkpoint? checkpoint)
    {
        foreach (var ledger in _ledgers)
        {
            ledger.RollBack(checkpoint?.Step ?? 0);
        }
    }

    /// <summary>A shard of the newest incarnation has applied the step that makes the version after this one.</summary>
    public void Applied(int shard, long version)
    {
        var item = Run.Plan[Run.Plan.ItemOfStep(version)];
        _ledgers[shard].Commit(item, new RowRange(0, Run.Rows(item)));
    }

    /// <summary>Watchers of one process of the job are told: each item once and in order, and never with other bits.</summary>
    public void Seen(SimJob job, ImmutableArray<ItemReport> reports)
    {
        foreach (var report in reports)
        {
            if (report.Item <= _lastSeen[job])
            {
                world.Fail($"item {report.Item} was told again after {_lastSeen[job]}");
            }

            _lastSeen[job] = report.Item;
            if (report.Item > 0 && !_history.ContainsKey(report.Item - 1))
            {
                world.Fail($"item {report.Item} was told, and the one before never was");
            }

            if (_history.TryGetValue(report.Item, out var known) && known != report)
            {
                world.Fail($"item {report.Item} was {known} and is {report}");
            }

            _history[report.Item] = report;
        }
    }

    /// <summary>The run is complete; null if it came to what it must, else what is wrong.</summary>
    public string? Judge(JobRecord record)
    {
        var reference = world.Scenario.Reference;
        if (record.State == JobState.Cancelled)
        {
            return world.Schedule.Faults.Any(fault => fault.Kind == FaultKind.Cancel) ? null : "nobody has cancelled the job, and it is";
        }

        if (record.WeightsSha256 != reference.WeightsSha256)
        {
            return $"the weights are {record.WeightsSha256}; undisturbed they are {reference.WeightsSha256}";
        }

        for (var item = 0; item < reference.Sums.Count; item++)
        {
            if (!_history.TryGetValue(item, out var report) || report.Sums != reference.Sums[item] || report.Norm != reference.Norms[item])
            {
                return $"item {item} reported {report}; undisturbed it is {reference.Sums[item]}, norm {reference.Norms[item]}";
            }
        }

        return _ledgers.SelectMany(ledger => ledger.Faults(Run, Run.Plan.Steps)).FirstOrDefault();
    }
}
