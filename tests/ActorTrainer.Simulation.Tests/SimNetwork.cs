using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Which epoch a message names: by it the network finds the barrier and shards of a life of the job.</summary>
internal static class SimNetwork
{
    public static Epoch? EpochOf(object message) => message switch
    {
        Offer m => m.Epoch,
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
}
