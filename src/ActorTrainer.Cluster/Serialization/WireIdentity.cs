using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>The small types that stand in most messages.</summary>
internal static class WireIdentity
{
    public static Wire.Epoch ToWire(this Epoch epoch) =>
        new() { Job = epoch.Job.Value, Incarnation = epoch.Incarnation, Timeline = epoch.Timeline };

    public static Epoch FromWire(this Wire.Epoch wire) => new(new JobId(wire.Job), wire.Incarnation, wire.Timeline);

    public static Wire.Ticket ToWire(this Ticket ticket) =>
        new() { TensorId = ticket.TensorId, Offset = ticket.Offset, Length = ticket.Length, Node = ticket.Node.Value };

    public static Wire.Ticket? ToWire(this Ticket? ticket) => ticket?.ToWire();

    public static Ticket FromWire(this Wire.Ticket wire) => new(new NodeId(wire.Node), wire.TensorId, wire.Offset, wire.Length);

    public static Ticket? FromWireOrNull(this Wire.Ticket? wire) => wire?.FromWire();

    public static Wire.LossSums ToWire(this LossSums sums) => new()
    {
        Loss = sums.Loss,
        Weight = sums.Weight,
        Correct = sums.Correct,
        Sequences = sums.Sequences,
        ExactSequences = sums.ExactSequences,
        Targets = sums.Targets,
    };

    public static LossSums FromWire(this Wire.LossSums wire) =>
        new(wire.Loss, wire.Weight, wire.Correct, wire.Sequences, wire.ExactSequences)
        {
            Targets = wire.HasTargets ? wire.Targets : wire.Weight,
        };
}
