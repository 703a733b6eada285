using ActorTrainer.Benchmarks.Distribution;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>
/// What one step of a job without carried states must send between nodes with one worker each, one shard
/// and one aligned block of lanes a node.
/// </summary>
/// <param name="Parameters">Of the model.</param>
internal sealed record StepTraffic(long Parameters)
{
    /// <summary>How <see cref="Messages"/> is counted, for people.</summary>
    public const string Formula = "3 a node: weights published, gradient offered, lanes reported";

    public static StepTraffic Of(MeasuredJob job) => new(job.Open().Layout.ParameterCount);

    public static long Messages(int nodes) => 3L * nodes;

    /// <summary>Weights to each node and a gradient from each, float32.</summary>
    public long TensorBytes(int nodes) => 2L * nodes * Parameters * sizeof(float);
}
