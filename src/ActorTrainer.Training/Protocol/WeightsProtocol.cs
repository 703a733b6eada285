namespace ActorTrainer.Training.Protocol;

/// <summary>How weights travel from the shards to the nodes, which share them among their workers.</summary>
public static class WeightsProtocol
{
    /// <summary>Shard to every node that ever asked: its weights of one version, immutable while published.</summary>
    /// <param name="Version">Training steps applied.</param>
    public sealed record Published(Epoch Epoch, int Shard, long Version, Ticket Weights);

    /// <summary>
    /// Node to shard: the newest version is asked for, on a timer while a part is missing. The shard then
    /// knows the node and sends it every later version unasked.
    /// Reply: <see cref="Published"/>, or <see cref="StepProtocol.Stale"/>; none while loading.
    /// </summary>
    public sealed record AskWeights(Epoch Epoch, int Shard, NodeId Node);

    /// <summary>
    /// Worker to its node: it wants to start from this version, or a later one. Repeated on a timer; the
    /// node then knows the worker and tells it of every later version unasked. A newer epoch makes the
    /// node forget its own (P1). Reply: <see cref="VersionWhole"/> once there is one,
    /// <see cref="StepProtocol.Stale"/> if the epoch is over.
    /// </summary>
    public sealed record AskVersion(Epoch Epoch, long Version, WorkerId Worker);

    /// <summary>
    /// Node to its workers: version <paramref name="Version"/> is whole and can be leased; the step that made it is
    /// committed.
    /// </summary>
    /// <param name="Folds">Several workers compute here: gradients go to the node, which folds them.</param>
    public sealed record VersionWhole(Epoch Epoch, long Version, bool Folds = false);

    /// <summary>To shards: the node is gone; nothing is sent to it any more.</summary>
    public sealed record NodeLost(NodeId Node);
}
