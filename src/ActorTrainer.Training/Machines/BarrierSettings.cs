namespace ActorTrainer.Training.Machines;

/// <summary>What of a job's placement the barrier follows; none of it can touch a bit.</summary>
/// <param name="CheckpointInterval">Most training steps that are committed beyond the last settled checkpoint, at least 1.</param>
/// <param name="TicksPerSecond">How often the shell calls <see cref="StepBarrier.Tick"/>.</param>
public sealed record BarrierSettings(int CheckpointInterval, int TicksPerSecond)
{
    /// <summary>
    /// A checkpoint begins after every step that is a multiple of this: three quarters of the interval, so that it is
    /// stored beside the steps of the last quarter, and one is settled before the next begins.
    /// </summary>
    public int CheckpointCadence => CheckpointInterval - (CheckpointInterval / 4);

    /// <summary>When a node is late whose steps have not been measured (P7), and its lanes are copied.</summary>
    public int TicksUnmeasured { get; init; } = 60 * TicksPerSecond;
}
