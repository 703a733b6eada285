using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Numerics;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>How a job finds the doors of nodes.</summary>
internal static class NodeDoors
{
    /// <param name="door">Its name under /user.</param>
    public static ActorSelection Of(IActorContext context, RunServices services, NodeView node, string door) =>
        context.ActorSelection(node.Node == services.Node ? $"/user/{door}" : $"{node.Address}/user/{door}");

    /// <summary>Whether the node's arithmetic gives the bits that it should: of one that does not, nothing may touch a run.</summary>
    public static bool ComputesRight(NodeView node) => node.Capabilities.ProbeSha256 == Probe.Expected;
}
