using System.Collections.Immutable;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Between a job as the API and the job file spell it and a job as the trainer reads it.</summary>
/// <remarks>
/// A field's path is that of the message <c>JobSpec</c>, in the proto's names: <c>recipe.training.steps</c>,
/// <c>recipe.model.layers[0].lstm.units</c>. The path of a choice that was not made is the message that holds
/// it: <c>recipe.data</c>.
/// </remarks>
public static class SpecMapping
{
    /// <summary>Bytes of a spec as protobuf; with room to spare in the 64 KB of a control message (P13).</summary>
    public const int MaxSpecBytes = 32 * 1024;

    /// <summary>Fills in every default and checks everything that can be checked without the data.</summary>
    /// <returns>The job, or all that is wrong with it.</returns>
    public static MappedSpec FromProto(Proto.JobSpec? spec)
    {
        var problems = new FieldProblems();
        spec ??= new Proto.JobSpec();
        var size = spec.CalculateSize();
        if (size > MaxSpecBytes)
        {
            problems.Add("placement.labels", $"a job of {size} bytes", $"at most {MaxSpecBytes} bytes for the whole job");
            return new MappedSpec(null, problems.With([]));
        }

        var mapped = new JobSpec(new RecipeReader(problems).Read(spec.Recipe), PlacementReader.Read(spec.Placement, problems));
        var violations = problems.With(RecipeValidation.Check(mapped));
        return violations.IsEmpty ? new MappedSpec(mapped, []) : new MappedSpec(null, violations);
    }

    /// <summary>A job with every value spelled out, defaults too; the checkpoint interval's once the job is taken.</summary>
    public static Proto.JobSpec ToProto(JobSpec spec)
    {
        var placement = new Proto.Placement
        {
            Name = spec.Placement.Name,
            Workers = (uint)spec.Placement.Workers,
            ParameterShards = (uint)spec.Placement.ParameterShards,
            Labels = { spec.Placement.Labels },
            MinimumWorkers = (uint)spec.Placement.MinimumWorkers,
        };
        if (spec.Placement.CheckpointInterval != DefaultCheckpointInterval.Unset)
        {
            placement.CheckpointInterval = (uint)spec.Placement.CheckpointInterval;
        }

        return new Proto.JobSpec { Recipe = RecipeWriter.Write(spec.Recipe), Placement = placement };
    }
}

/// <summary>A job that is well formed, or all that is wrong with it.</summary>
/// <param name="Spec">Null if there are violations.</param>
public sealed record MappedSpec(JobSpec? Spec, ImmutableArray<FieldViolation> Violations);
