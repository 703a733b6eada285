using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Numerics;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Runs;

/// <summary>What the actors of one process share.</summary>
/// <param name="Node">This process.</param>
/// <param name="Peers">The others, and where tensors are pulled from them.</param>
/// <param name="Tensors">What tickets name.</param>
/// <param name="Database">That of a server node; <see cref="Storage.Database.None"/> elsewhere.</param>
/// <param name="Width">Bits of the vectors to compute with; cannot touch a bit of a result.</param>
internal sealed record RunServices(
    NodeId Node, ClusterPeers Peers, DataDirectory Directory, Database Database, TrainingRuns Runs, TensorStore Tensors, ComputeThreads Threads, VectorWidth Width);
