using System.Collections.Immutable;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>A job's spec on the wire and in the journal.</summary>
internal static class WireSpec
{
    public static Wire.JobSpec ToWire(this JobSpec spec) => new()
    {
        Recipe = RecipeJson.Write(spec.Recipe),
        Placement = new Wire.Placement
        {
            Name = spec.Placement.Name,
            Workers = spec.Placement.Workers,
            ParameterShards = spec.Placement.ParameterShards,
            CheckpointInterval = spec.Placement.CheckpointInterval,
            Labels = { spec.Placement.Labels },
            MinimumWorkers = spec.Placement.MinimumWorkers,
        },
    };

    public static JobSpec FromWire(this Wire.JobSpec wire) => new(
        RecipeJson.Read(wire.Recipe),
        new Placement(
            wire.Placement.Name,
            wire.Placement.Workers,
            wire.Placement.ParameterShards,
            wire.Placement.CheckpointInterval,
            wire.Placement.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal))
        {
            MinimumWorkers = Math.Max(1, wire.Placement.MinimumWorkers),
        });
}
