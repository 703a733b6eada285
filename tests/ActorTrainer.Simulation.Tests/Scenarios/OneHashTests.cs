using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A run is a function: one hash over workers, shards and vector widths.</summary>
public sealed class OneHashTests
{
    private static readonly VectorWidth[] Widths = [VectorWidth.Bits512, VectorWidth.Bits256, VectorWidth.Bits128];

    /// <summary>All pairs of workers × shards, workers × widths and shards × widths.</summary>
    public static TheoryData<int, int, int> Cover
    {
        get
        {
            var cover = new TheoryData<int, int, int>();
            int[] workers = [1, 2, 3, 5, 8];
            for (var i = 0; i < workers.Length; i++)
            {
                for (var width = 0; width < Widths.Length; width++)
                {
                    cover.Add(workers[i], (i + width) % 2 == 0 ? 1 : 4, (int)Widths[width]);
                }
            }

            return cover;
        }
    }

    [Theory]
    [MemberData(nameof(Cover))]
    public void One_hash_of_a_language_model(int workers, int shards, int width) =>
        Check(Scenario.LanguageModel, workers, shards, (VectorWidth)width);

    [Theory]
    [MemberData(nameof(Cover))]
    public void One_hash_of_binary_addition(int workers, int shards, int width) =>
        Check(Scenario.BinaryAddition, workers, shards, (VectorWidth)width);

    [Fact]
    public void The_models_are_large_enough_for_every_shard_to_hold_weights()
    {
        Assert.True(Scenario.LanguageModel.Run.Shards(4).BlockCount >= 16);
        Assert.True(Scenario.BinaryAddition.Run.Shards(4).BlockCount >= 16);
    }

    private static void Check(Scenario scenario, int workers, int shards, VectorWidth width) =>
        Assert.Null(new SimWorld(Schedule.Calm(scenario, workers, shards, width)).Simulate());
}
