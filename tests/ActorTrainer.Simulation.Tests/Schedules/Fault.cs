namespace ActorTrainer.Simulation.Tests;

internal enum FaultKind
{
    /// <summary>At a point of the protocol; all others at a time.</summary>
    KillAtPoint,
    KillWorker,
    KillWorkerNode,
    KillShard,
    KillBarrier,
    KillJob,
    KillRegistry,
    KillServer,

    /// <summary>Every process at once.</summary>
    KillAll,

    /// <summary>A server is told to end: its job, or the shards of another's, go at a step's edge.</summary>
    DrainServer,

    /// <summary>A node of workers is told to end: it says so first.</summary>
    DrainWorkers,

    /// <summary>A worker comes, alone or on a node that is there.</summary>
    Join,

    /// <summary>A process handles nothing for a while and then goes on with what it had queued.</summary>
    FreezeProcess,

    /// <summary>The same of one party.</summary>
    FreezeParty,

    /// <summary>Hosts fall into two groups that do not hear each other.</summary>
    Partition,

    /// <summary>One of the two groups is not heard by the other.</summary>
    OneWayPartition,

    /// <summary>A stored part of the newest checkpoint loses its end, a bit, or everything.</summary>
    TearPart,

    /// <summary>The next fact is not stored, or is and its writer hears that it is not.</summary>
    PersistFails,

    /// <summary>The next part is not stored.</summary>
    SaveFails,

    /// <summary>The database does not answer for a while.</summary>
    StoreSilent,

    /// <summary>The database takes ten times as long for a while.</summary>
    StoreSlow,

    /// <summary>A gradient comes out not finite that should be.</summary>
    WrongGradient,

    /// <summary>The client pauses the job and lets it go on.</summary>
    Pause,

    /// <summary>The client ends the job.</summary>
    Cancel,
}

/// <summary>One thing that goes wrong in a schedule, whatever else does.</summary>
/// <param name="At">Virtual microseconds.</param>
/// <param name="Duration">Of what lasts, in virtual microseconds.</param>
/// <param name="Seed">Of what is left open: who is hit, and how.</param>
/// <param name="Point">Of <see cref="FaultKind.KillAtPoint"/>.</param>
/// <param name="Occurrence">The how manyth message of the point, from 1.</param>
internal sealed record Fault(FaultKind Kind, long At, long Duration, int Seed, KillPoint? Point = null, int Occurrence = 1)
{
    public override string ToString() => Kind switch
    {
        FaultKind.KillAtPoint => $"kill {Point}, time {Occurrence}",
        FaultKind.FreezeProcess or FaultKind.FreezeParty or FaultKind.Partition or FaultKind.OneWayPartition
            or FaultKind.StoreSilent or FaultKind.StoreSlow => $"{Kind} at {At / 1000} ms for {Duration / 1000} ms",
        _ => $"{Kind} at {At / 1000} ms",
    };
}
