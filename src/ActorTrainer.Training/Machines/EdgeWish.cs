namespace ActorTrainer.Training.Machines;

/// <summary>What a job does where a checkpoint stands after a training step.</summary>
internal enum EdgeWish
{
    None,

    /// <summary>Stops until somebody resumes it.</summary>
    Pause,

    /// <summary>Stops, and goes on there wherever it is started next.</summary>
    Rest,

    /// <summary>Starts the next incarnation.</summary>
    BeginAgain,
}
