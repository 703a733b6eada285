using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>What else has to happen, and where, for a schedule to come to a point of the table of kills.</summary>
internal static class KillCircumstances
{
    private const long Millisecond = 1_000;

    /// <summary>The seed by which a frozen party is a worker whose usual time is known.</summary>
    public const int FreezesWorker = -1;

    /// <summary>The seed by which a part is torn as soon as there is one, and then needed.</summary>
    public const int TearsAndRestarts = -3;

    /// <summary>The seed by which a frozen process is the leader.</summary>
    public const int FreezesLeader = -2;

    /// <summary>The faults without which a schedule hardly comes to the point.</summary>
    public static IEnumerable<Fault> Of(KillPoint point, Random random)
    {
        var kind = point.Kind;
        if (kind == typeof(HoldAtEdge) || kind == typeof(Held) || kind == typeof(JobFact.Paused) || kind == typeof(JobFact.Resumed)
            || kind == typeof(Effect.StopRun))
        {
            yield return At(FaultKind.Pause, random.Next(10, 50));
        }
        else if (kind == typeof(PartNotStored) || kind == typeof(PartFailed))
        {
            for (var i = 0; i < 6; i++)
            {
                yield return At(FaultKind.SaveFails, random.Next(5, 60));
            }
        }
        else if (kind == typeof(CheckpointUnreadable) || kind == typeof(JobFact.CheckpointLost))
        {
            for (var i = 0; i < 4; i++)
            {
                yield return new Fault(FaultKind.TearPart, (random.Next(20) + (25 * i)) * Millisecond, 0, TearsAndRestarts);
            }
        }
        else if (NeedsWrongNode(point))
        {
            yield return At(FaultKind.WrongGradient, random.Next(5, 30));
            yield return At(FaultKind.WrongGradient, random.Next(30, 60));
        }
        else if (NeedsStraggler(point))
        {
            yield return new Fault(FaultKind.FreezeParty, random.Next(30, 80) * Millisecond, 2_500 * Millisecond, FreezesWorker);
        }
        else if (NeedsSecondJob(point))
        {
            yield return new Fault(FaultKind.FreezeProcess, random.Next(10, 60) * Millisecond, 400 * Millisecond, FreezesLeader);
            yield return new Fault(FaultKind.FreezeProcess, random.Next(450, 600) * Millisecond, 400 * Millisecond, FreezesLeader);
        }
        else if (kind == typeof(Stale) || kind == typeof(Effect.StopSelf) || kind == typeof(PartyLost) || kind == typeof(Effect.Alarm))
        {
            for (var i = 0; i < 5; i++)
            {
                yield return At(i % 2 == 0 ? FaultKind.KillShard : FaultKind.KillBarrier, (40 * i) + random.Next(10, 50));
            }
        }
        else if (kind == typeof(WorkerLost) && point.Role == Role.Node)
        {
            yield return At(FaultKind.KillWorker, random.Next(10, 40));
            yield return At(FaultKind.KillWorker, random.Next(40, 80));
        }
        else if (kind == typeof(WorkerLost) || kind == typeof(NodeLost) || NeedsState(point))
        {
            yield return At(FaultKind.KillWorkerNode, random.Next(10, 40));
            yield return At(FaultKind.KillWorkerNode, random.Next(40, 80));
        }
        else if (kind == typeof(JobFact.Cancelled))
        {
            yield return At(FaultKind.Cancel, random.Next(20, 60));
        }

        Fault At(FaultKind fault, long milliseconds) => new(fault, milliseconds * Millisecond, 0, random.Next());
    }

    /// <summary>The cluster in which a schedule comes to the point.</summary>
    public static SimOptions Cluster(KillPoint point, SimOptions options)
    {
        options = options with { Linger = options.Linger || NeedsLingering(point), Servers = NeedsSecondJob(point) ? 3 : options.Servers };
        if (NeedsStraggler(point) || NeedsWrongNode(point))
        {
            return options with { Workers = Math.Max(2, options.Workers), WorkersPerNode = 1, Mixed = false, MinimumWorkers = 1 };
        }

        return NeedsFold(point)
            ? options with { Workers = Math.Max(3, options.Workers), WorkersPerNode = Math.Max(2, options.WorkersPerNode) }
            : options;
    }

    /// <summary>The cluster with little noise, for a schedule in which nothing but the circumstances happens.</summary>
    public static SimOptions Quiet(KillPoint point, SimOptions options) => options with
    {
        CheckpointInterval = 1 + (options.CheckpointInterval % 2),
        Drop = NeedsQuiet(point) ? 0 : options.Drop / 4,
        Slow = NeedsQuiet(point) ? 0 : options.Slow / 4,
        FetchFails = NeedsQuiet(point) ? 0 : options.FetchFails,
    };

    /// <summary>Whether the point is met only where little else goes wrong.</summary>
    public static bool NeedsQuiet(KillPoint point) =>
        NeedsStraggler(point) || NeedsWrongNode(point) || point.Kind == typeof(CheckpointUnreadable) || point.Kind == typeof(JobFact.CheckpointLost);

    /// <summary>Whether the point is met only where one node computes wrongly and another does not.</summary>
    private static bool NeedsWrongNode(KillPoint point) =>
        point.Kind == typeof(NodeWrong) || point.Kind == typeof(WrongNodeSeen) || point.Kind == typeof(ResultsNotFinite)
        || (point.Kind == typeof(Effect.Alarm) && point.Role == Role.Barrier);

    /// <summary>Whether the point is met only where one worker is late and another is there.</summary>
    private static bool NeedsStraggler(KillPoint point) =>
        point.Kind == typeof(LanesLate) || point.Kind == typeof(CopyLanes) || point.Kind == typeof(ShardMisses) || point.Kind == typeof(Effect.ViewChanged);

    /// <summary>Whether the point is met only by a run whose numbers leave the finite ones.</summary>
    public static bool NeedsDivergence(KillPoint point) =>
        point.Kind == typeof(BadNumbers) || point.Kind == typeof(JobFact.Failed);

    /// <summary>Whether the point is met only by a run whose rows carry states from batch to batch.</summary>
    public static bool NeedsState(KillPoint point) => point.Kind == typeof(AskLaneStates) || point.Kind == typeof(LaneStates);

    /// <summary>Whether the point is met only on a node with several workers.</summary>
    private static bool NeedsFold(KillPoint point) =>
        point.Kind == typeof(NodeOffer) || point.Kind == typeof(LanesOwned)
        || (point.Role == Role.Node && (point.Kind == typeof(Offer) || point.Kind == typeof(WorkerLost)));

    /// <summary>Whether an incarnation has to leave something behind for a schedule to come to the point.</summary>
    private static bool NeedsLingering(KillPoint point) => point.Kind == typeof(Stale) || point.Kind == typeof(Effect.StopSelf);

    /// <summary>Whether the point is met only by a job that another has succeeded and that lives on.</summary>
    private static bool NeedsSecondJob(KillPoint point) => point is { Role: Role.Job, Act: Act.Receives } && point.Kind == typeof(Stale);
}
