namespace ActorTrainer.Training.Machines;

/// <summary>What a barrier does with its item.</summary>
internal enum BarrierPhase
{
    Loading,
    Collecting,

    /// <summary>Decided; shards are applying, or the job has not seen the reports.</summary>
    Committed,
    Held,
    Bad,
    Finished,
}
