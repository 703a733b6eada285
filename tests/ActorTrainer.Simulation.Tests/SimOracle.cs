using ActorTrainer.Training;
using ActorTrainer.Training.Ledger;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Follows what a run tells its watchers and what its shards apply, and knows what it must have come to:
/// the undisturbed run's weights, every item reported with its bits whenever it was told, every sample
/// applied once on every shard.
/// </summary>
internal sealed class SimOracle(Scenario scenario, int shards)
{
    private readonly SortedDictionary<long, ItemReport> _history = [];
    private readonly SampleLedger[] _ledgers =
        [.. Enumerable.Range(0, shards).Select(_ => new SampleLedger(scenario.Run.Lanes.BatchSize))];

    private TrainingRun Run => scenario.Run;

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

    /// <summary>Watchers are told; null, or what they were told otherwise before.</summary>
    public string? Remember(ItemReport report)
    {
        if (_history.TryGetValue(report.Item, out var known) && known != report)
        {
            return $"item {report.Item} was {known} and is {report}";
        }

        _history[report.Item] = report;
        return null;
    }

    /// <summary>The run is complete; null if it came to what it must, else what is wrong.</summary>
    public string? Judge(string? weightsSha256)
    {
        var reference = scenario.Reference;
        if (weightsSha256 != reference.WeightsSha256)
        {
            return $"the weights are {weightsSha256}; undisturbed they are {reference.WeightsSha256}";
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
