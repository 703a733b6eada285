using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Which epoch a message names: by it the network finds the barrier and shards of a life of the job.</summary>
internal static class SimEpochs
{
    public static Epoch? Of(object message) => message switch
    {
        Offer m => m.Epoch,
        ResultsNotFinite m => m.Epoch,
        NodeWrong m => m.Epoch,
        WrongNodeSeen m => m.Epoch,
        NodeOffer m => m.Epoch,
        LanesOwned m => m.Epoch,
        CopyLanes m => m.Epoch,
        ShardMisses m => m.Epoch,
        LanesReported m => m.Epoch,
        ShardWhole m => m.Epoch,
        Commit m => m.Epoch,
        Applied m => m.Epoch,
        ItemCommitted m => m.Epoch,
        AskLaneStates m => m.Epoch,
        LaneStates m => m.Epoch,
        Published m => m.Epoch,
        AskWeights m => m.Epoch,
        AskVersion m => m.Epoch,
        VersionWhole m => m.Epoch,
        Assign m => m.Epoch,
        AssignmentTaken m => m.Epoch,
        AssignLanes m => m.Epoch,
        ItemsReported m => m.Epoch,
        ReportsSeen m => m.Epoch,
        LanesLate m => m.Epoch,
        PartSaved m => m.Epoch,
        PartFailed m => m.Epoch,
        CheckpointSettled m => m.Epoch,
        HoldAtEdge m => m.Epoch,
        Held m => m.Epoch,
        BadNumbers m => m.Epoch,
        _ => null,
    };

    /// <summary>The message as if it came from another life of the job.</summary>
    public static object With(object message, Epoch epoch) => message switch
    {
        Offer m => m with { Epoch = epoch },
        ResultsNotFinite m => m with { Epoch = epoch },
        NodeWrong m => m with { Epoch = epoch },
        WrongNodeSeen m => m with { Epoch = epoch },
        NodeOffer m => m with { Epoch = epoch },
        LanesOwned m => m with { Epoch = epoch },
        CopyLanes m => m with { Epoch = epoch },
        ShardMisses m => m with { Epoch = epoch },
        LanesReported m => m with { Epoch = epoch },
        ShardWhole m => m with { Epoch = epoch },
        Commit m => m with { Epoch = epoch },
        Applied m => m with { Epoch = epoch },
        ItemCommitted m => m with { Epoch = epoch },
        AskLaneStates m => m with { Epoch = epoch },
        LaneStates m => m with { Epoch = epoch },
        Published m => m with { Epoch = epoch },
        AskWeights m => m with { Epoch = epoch },
        AskVersion m => m with { Epoch = epoch },
        VersionWhole m => m with { Epoch = epoch },
        Assign m => m with { Epoch = epoch },
        AssignmentTaken m => m with { Epoch = epoch },
        AssignLanes m => m with { Epoch = epoch },
        ItemsReported m => m with { Epoch = epoch },
        ReportsSeen m => m with { Epoch = epoch },
        LanesLate m => m with { Epoch = epoch },
        PartSaved m => m with { Epoch = epoch },
        PartFailed m => m with { Epoch = epoch },
        CheckpointSettled m => m with { Epoch = epoch },
        HoldAtEdge m => m with { Epoch = epoch },
        Held m => m with { Epoch = epoch },
        BadNumbers m => m with { Epoch = epoch },
        _ => message,
    };
}
