using System.Collections.Immutable;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Every step of the protocol at which a party can die: each kind of message, effect and fact of each role.
/// </summary>
internal static class KillTable
{
    private static readonly (Role Role, Act Act, Type[] Kinds)[] Steps =
    [
        (Role.Registry, Act.Receives, [typeof(SimSubmit)]),
        (Role.Registry, Act.Sends, [typeof(SimAcknowledged)]),
        (Role.Registry, Act.Stores, [typeof(SimRegistered)]),
        (Role.Job, Act.Receives,
        [
            typeof(WorkerJoined), typeof(WorkerLost), typeof(AssignmentTaken), typeof(ItemsReported), typeof(PartSaved), typeof(PartFailed),
            typeof(LanesLate), typeof(Held), typeof(BadNumbers), typeof(PartyLost), typeof(CheckpointUnreadable), typeof(ModelPublished), typeof(NodeWrong), typeof(Stale),
        ]),
        (Role.Job, Act.Sends, [typeof(Assign), typeof(ReportsSeen), typeof(CheckpointSettled), typeof(HoldAtEdge), typeof(WrongNodeSeen), typeof(Stale)]),
        (Role.Job, Act.Performs,
        [
            typeof(Effect.StartRun), typeof(Effect.StopRun), typeof(Effect.PublishModel), typeof(Effect.KeepCheckpoints),
            typeof(Effect.ItemsSeen), typeof(Effect.StateChanged), typeof(Effect.ViewChanged), typeof(Effect.Alarm),
        ]),
        (Role.Job, Act.Stores,
        [
            typeof(JobFact.IncarnationStarted), typeof(JobFact.CheckpointRecorded), typeof(JobFact.CheckpointLost), typeof(JobFact.Paused),
            typeof(JobFact.Resumed), typeof(JobFact.Completed), typeof(JobFact.Failed), typeof(JobFact.Cancelled),
        ]),
        (Role.Barrier, Act.Receives,
        [
            typeof(Assign), typeof(LanesReported), typeof(ShardWhole), typeof(Applied), typeof(AskLaneStates), typeof(ReportsSeen),
            typeof(HoldAtEdge), typeof(CheckpointSettled), typeof(PartStored), typeof(PartNotStored), typeof(ShardMisses), typeof(ResultsNotFinite),
            typeof(WrongNodeSeen), typeof(Stale),
        ]),
        (Role.Barrier, Act.Sends,
        [
            typeof(AssignmentTaken), typeof(AssignLanes), typeof(Commit), typeof(ItemCommitted), typeof(LaneStates), typeof(ItemsReported),
            typeof(PartSaved), typeof(PartFailed), typeof(LanesLate), typeof(CopyLanes), typeof(Held), typeof(BadNumbers), typeof(NodeWrong),
            typeof(Stale),
        ]),
        (Role.Barrier, Act.Performs, [typeof(Effect.SavePart), typeof(Effect.StopSelf), typeof(Effect.Alarm)]),
        (Role.Shard, Act.Receives,
        [
            typeof(Offer), typeof(Commit), typeof(AskWeights), typeof(NodeLost), typeof(CheckpointSettled), typeof(PartStored),
            typeof(PartNotStored), typeof(Stale),
        ]),
        (Role.Shard, Act.Sends,
            [typeof(ShardWhole), typeof(ShardMisses), typeof(Applied), typeof(Published), typeof(PartSaved), typeof(PartFailed), typeof(Stale)]),
        (Role.Shard, Act.Performs, [typeof(Effect.SavePart), typeof(Effect.StopSelf)]),
        (Role.Node, Act.Receives, [typeof(AskVersion), typeof(Published), typeof(LanesOwned), typeof(NodeOffer), typeof(WorkerLost), typeof(Stale)]),
        (Role.Node, Act.Sends, [typeof(AskWeights), typeof(VersionWhole), typeof(Offer), typeof(Stale)]),
        (Role.Worker, Act.Receives,
            [typeof(AssignLanes), typeof(CopyLanes), typeof(LaneStates), typeof(VersionWhole), typeof(Computed), typeof(ItemCommitted), typeof(Stale)]),
        (Role.Worker, Act.Sends, [typeof(AskVersion), typeof(AskLaneStates), typeof(Offer), typeof(LanesOwned), typeof(NodeOffer), typeof(LanesReported), typeof(ResultsNotFinite), typeof(Stale)]),
        (Role.Worker, Act.Performs, [typeof(ComputeOrder)]),
    ];

    public static ImmutableArray<KillPoint> Points { get; } =
    [
        .. from step in Steps
           from kind in step.Kinds
           from moment in new[] { Moment.Before, Moment.After }
           select new KillPoint(step.Role, step.Act, kind, moment),
    ];

    /// <summary>Whether the table has a step that a party was seen to take.</summary>
    public static bool Has(Role role, Act act, Type kind) => Points.Contains(new KillPoint(role, act, kind, Moment.Before));
}
