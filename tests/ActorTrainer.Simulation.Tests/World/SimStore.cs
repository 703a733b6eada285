using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Where a process of the simulator keeps its tensors.</summary>
internal static class SimStore
{
    private const long MostFloats = 1L << 26;

    public static TensorStore Of(NodeId node) => new(node, MostFloats, null);
}
