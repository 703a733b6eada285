namespace ActorTrainer.Training.Recipes;

/// <summary>
/// The checkpoint interval of a job that names none: 100 steps, or as many as one core is expected to take two seconds
/// for. A checkpoint costs milliseconds whatever the model, and a step of a small one far less than one.
/// </summary>
/// <remarks>
/// A function of recipe and data, and of no clock: whoever starts the job again comes to the same. Where a machine is
/// faster than is assumed here, checkpoints come sooner.
/// </remarks>
public static class DefaultCheckpointInterval
{
    /// <summary>What <see cref="Placement.CheckpointInterval"/> is as long as nobody has set it.</summary>
    public const int Unset = 0;

    private const int Fewest = 100;
    private const double Seconds = 2;

    /// <summary>What a step takes whatever its arithmetic: messages, and who wakes whom.</summary>
    private const double SecondsPerStep = 50e-6;

    /// <summary>A sixth of a core's peak, as small products reach.</summary>
    private const double OperationsPerSecond = 20e9;

    /// <summary>A product and a sum for each parameter and time step of a row: forward, and twice backward.</summary>
    private const double OperationsPerParameter = 6;

    /// <summary>Training steps, a multiple of 100.</summary>
    public static int Of(TrainingRun run)
    {
        var operations = OperationsPerParameter * run.Layout.ParameterCount * run.Lanes.BatchSize * run.MaximumTime;
        var steps = Seconds / (SecondsPerStep + (operations / OperationsPerSecond));
        return Fewest * Math.Max(1, (int)(steps / Fewest));
    }
}
