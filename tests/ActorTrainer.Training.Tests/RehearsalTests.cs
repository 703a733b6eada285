using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tests.Recipes;

namespace ActorTrainer.Training.Tests;

public sealed class RehearsalTests
{
    private static readonly Initializer Xavier = new Initializer.Xavier();
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abcde 水", 13)));

    public static TheoryData<LayerSpec, int> Layers => new()
    {
        { new LayerSpec.Elman(20, Xavier), 8 },
        { new LayerSpec.Lstm(20, 1, Xavier), 8 },
        { new LayerSpec.Gru(20, GruReset.After, Xavier), 3 },
    };

    /// <summary>With fewer rows than lanes, too: some lanes are empty.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Steps_through_every_kind_of_network(LayerSpec layer, int rows) => Assert.True(Rehearsal.Of(Run(layer, rows)));

    [Fact]
    public void Leaves_out_what_would_take_longer_than_it_saves() =>
        Assert.False(Rehearsal.Of(Run(new LayerSpec.Lstm(1_000, 1, Xavier), 3)));

    private static TrainingRun Run(LayerSpec layer, int rows)
    {
        var recipe = SampleJobs.Text.Recipe with
        {
            Data = new DataRecipe.Text(ContentHash.Sha256Of(Text), 4, 0.3),
            Model = SampleJobs.Text.Recipe.Model with { Layers = [layer] },
            Training = SampleJobs.Text.Recipe.Training with { BatchSize = rows },
            Lanes = 4,
        };
        return new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(Text)));
    }
}
