using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary><see cref="WeightsProtocol"/> on the wire.</summary>
internal static class WeightsMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        codecs.Add<Published, Wire.Published>(
            "published",
            m => new Wire.Published { Epoch = m.Epoch.ToWire(), Shard = m.Shard, Version = m.Version, Weights = m.Weights.ToWire() },
            w => new Published(w.Epoch.FromWire(), w.Shard, w.Version, w.Weights.FromWire()));
        codecs.Add<AskWeights, Wire.AskWeights>(
            "ask-weights",
            m => new Wire.AskWeights { Epoch = m.Epoch.ToWire(), Shard = m.Shard, Node = m.Node.Value },
            w => new AskWeights(w.Epoch.FromWire(), w.Shard, new NodeId(w.Node)));
        codecs.Add<VersionWhole, Wire.VersionWhole>(
            "version-whole",
            m => new Wire.VersionWhole { Epoch = m.Epoch.ToWire(), Version = m.Version, Folds = m.Folds },
            w => new VersionWhole(w.Epoch.FromWire(), w.Version, w.Folds));
        codecs.Add<AskVersion, Wire.AskVersion>(
            "ask-version",
            m => new Wire.AskVersion { Epoch = m.Epoch.ToWire(), Version = m.Version, Worker = m.Worker.Value },
            w => new AskVersion(w.Epoch.FromWire(), w.Version, new WorkerId(w.Worker)));
        codecs.Add<NodeLost, Wire.NodeLost>(
            "node-lost",
            m => new Wire.NodeLost { Node = m.Node.Value },
            w => new NodeLost(new NodeId(w.Node)));
    }
}
