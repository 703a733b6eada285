using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>What a schedule is made of besides its seed.</summary>
/// <param name="Faults">Most faults (kills, joins, pauses) of the schedule.</param>
/// <param name="Drop">Share of messages that are lost while faults go on.</param>
/// <param name="Duplicate">Share of messages that arrive twice.</param>
/// <param name="Slow">Share of messages that take up to 300 ms.</param>
internal sealed record SimOptions(
    int Workers, int Shards, int CheckpointInterval, int Faults, double Drop, double Duplicate, double Slow, VectorWidth Width)
{
    public static SimOptions Calm(int workers, int shards, VectorWidth width) => new(workers, shards, 4, 0, 0, 0, 0, width);

    public static SimOptions Hostile(Random random) => new(
        random.Next(1, 6),
        random.Next(1, 5),
        random.Next(1, 7),
        random.Next(0, 13),
        random.NextDouble() * 0.3,
        random.NextDouble() * 0.3,
        random.NextDouble() * 0.1,
        VectorWidths.Widest);
}
