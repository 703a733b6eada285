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
            placement.HasCheckpointInterval ? CheckpointInterval(placement.CheckpointInterval, problems) : DefaultCheckpointInterval.Unset,
            placement.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            MinimumWorkers = problems.Int($"{Path}.minimum_workers", placement.HasMinimumWorkers ? placement.MinimumWorkers : SpecDefaults.MinimumWorkers),
        };
    }

    /// <summary>Who asks for 0 does not ask for the default.</summary>
    private static int CheckpointInterval(uint steps, FieldProblems problems)
    {
        if (steps == 0)
        {
            problems.Add($"{Path}.checkpoint_interval", "0", $"1 to {RecipeLimits.MaxCheckpointInterval} steps", "1");
        }

        return problems.Int($"{Path}.checkpoint_interval", steps);
    }
}
