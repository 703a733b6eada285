using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests;

/// <summary>Jobs to test with.</summary>
internal static class Specs
{
    public static readonly JobId Job = new("sum-12");

    /// <summary>The least a client can say about binary addition.</summary>
    public static Proto.JobSpec Addition() => new()
    {
        Recipe = new Proto.Recipe
        {
            Data = new Proto.Data { BinaryAddition = new Proto.BinaryAdditionData() },
            Model = new Proto.Model { Layers = { new Proto.Layer { Elman = new Proto.Elman { Units = 64 } } } },
            Training = new Proto.Training { Steps = 500 },
        },
    };

    public static Proto.JobSpec Text(string sha256) => new()
    {
        Recipe = new Proto.Recipe
        {
            Data = new Proto.Data { Text = new Proto.TextData { Sha256 = sha256 } },
            Model = new Proto.Model
            {
                Layers =
                {
                    new Proto.Layer { Embedding = new Proto.Embedding { Dimension = 16 } },
                    new Proto.Layer { Lstm = new Proto.Lstm { Units = 64 } },
                },
            },
            Training = new Proto.Training { Steps = 100 },
        },
    };

    public static JobSpec Mapped(Proto.JobSpec spec)
    {
        var mapped = SpecMapping.FromProto(spec);
        Assert.Empty(mapped.Violations);
        return mapped.Spec!;
    }

    public static JobView View(JobState state = JobState.Running, JobId? job = null, string reason = "") => new(
        job ?? Job,
        Mapped(Addition()),
        new string('a', 64),
        1,
        state,
        reason,
        new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero),
        StepsDone: 7,
        StepsRecorded: 5,
        TrainingLoss: 0.25,
        ValidationLoss: null,
        ValidationAccuracy: null,
        ValidationExactSequences: null,
        WeightsSha256: state == JobState.Completed ? new string('b', 64) : null,
        Parameters: 4_353,
        TotalSteps: 500);
}
