using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>The cluster of a schedule, and how bad its network is while faults go on.</summary>
/// <param name="WorkersPerNode">At first; the last node may have fewer.</param>
/// <param name="MinimumWorkers">Below so many nobody computes.</param>
/// <param name="Servers">1, or 3: shards lie on several nodes and the job moves between them.</param>
/// <param name="Mixed">The first workers run in the servers' processes; else every node is one of its own.</param>
/// <param name="Drop">Share of messages that are lost.</param>
/// <param name="Duplicate">Share of messages that arrive twice.</param>
/// <param name="Slow">Share of messages that take up to 300 ms.</param>
/// <param name="FetchFails">Share of the tensors asked of another node that do not come.</param>
/// <param name="Linger">What an incarnation leaves behind lives on for a while.</param>
internal sealed record SimOptions(
    int Workers,
    int WorkersPerNode,
    int MinimumWorkers,
    int Shards,
    int Servers,
    bool Mixed,
    int CheckpointInterval,
    double Drop,
    double Duplicate,
    double Slow,
    double FetchFails,
    bool Linger,
    VectorWidth Width)
{
    /// <summary>Whether results may be taken from those computed before from the same bits.</summary>
    public bool Remembers { get; init; } = true;

    /// <summary>One process, a good network, and every product computed.</summary>
    public static SimOptions Calm(int workers, int shards, VectorWidth width) =>
        new(workers, workers, 1, shards, 1, true, 4, 0, 0, 0, 0, false, width) { Remembers = false };

    public static SimOptions Hostile(Random random) => new(
        random.Next(1, 6),
        random.Next(1, 4),
        random.Next(1, 3),
        random.Next(1, 5),
        random.Next(3) == 0 ? 1 : 3,
        random.Next(3) == 0,
        random.Next(1, 7),
        random.NextDouble() * 0.3,
        random.NextDouble() * 0.3,
        random.NextDouble() * 0.1,
        random.NextDouble() * 0.2,
        random.Next(3) == 0,
        VectorWidths.Widest);
}
