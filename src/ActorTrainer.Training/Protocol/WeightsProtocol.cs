namespace ActorTrainer.Training.Protocol;

/// <summary>How weights travel from the shards to the nodes, which share them among their workers.</summary>
public static class WeightsProtocol
{
    /// <summary>Shard to node: one shard's weights of one version, immutable while published.</summary>
    /// <param name="Version">Training steps applied.</param>
    public sealed record Published(Epoch Epoch, int Shard, long Version, Ticket Weights);

    /// <summary>
    /// Node to shard: the newest version is asked for, on a timer while a part is missing.
    /// Reply: <see cref="Published"/>, or <see cref="StepProtocol.Stale"/>; none while loading.
    /// </summary>
    public sealed record AskWeights(Epoch Epoch, int Shard, NodeId Node);

    /// <summary>Node to its workers: version <paramref name="Version"/> is whole and packed at first use.</summary>
    public sealed record VersionWhole(Epoch Epoch, long Version);
}
