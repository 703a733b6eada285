namespace ActorTrainer.Training.Machines;

/// <summary>What of a job's placement the barrier follows; none of it can touch a bit.</summary>
/// <param name="CheckpointInterval">Training steps between two checkpoints, at least 1.</param>
/// <param name="TicksPerSecond">How often the shell calls <see cref="StepBarrier.Tick"/>.</param>
public sealed record BarrierSettings(int CheckpointInterval, int TicksPerSecond)
{
    /// <summary>When a node is late whose steps have not been measured (P7), and its lanes are copied.</summary>
    public int TicksUnmeasured { get; init; } = 60 * TicksPerSecond;
}
