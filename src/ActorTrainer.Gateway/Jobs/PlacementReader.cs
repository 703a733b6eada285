using System.Collections.Immutable;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads where a run is carried out.</summary>
internal static class PlacementReader
{
    private const string Path = "placement";

    public static Placement Read(Proto.Placement? placement, FieldProblems problems)
    {
        placement ??= new Proto.Placement();
        return new Placement(
            placement.Name,
            problems.Int($"{Path}.workers", placement.HasWorkers ? placement.Workers : SpecDefaults.Workers),
            problems.Int($"{Path}.parameter_shards", placement.HasParameterShards ? placement.ParameterShards : SpecDefaults.ParameterShards),
            problems.Int($"{Path}.checkpoint_interval", placement.HasCheckpointInterval ? placement.CheckpointInterval : SpecDefaults.CheckpointInterval),
            placement.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            MinimumWorkers = problems.Int($"{Path}.minimum_workers", placement.HasMinimumWorkers ? placement.MinimumWorkers : SpecDefaults.MinimumWorkers),
        };
    }
}
