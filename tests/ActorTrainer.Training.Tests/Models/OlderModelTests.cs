using ActorTrainer.Data;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Models;

/// <summary>
/// A model of text as the first program that trained wrote it (commit a7317d1), kept in Fixtures: whoever has one must
/// be able to use it for ever, and a model written today must be readable by that program.
/// </summary>
public sealed class OlderModelTests
{
    private static readonly byte[] Bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "text.safetensors"));

    [Fact]
    public void Is_read_to_the_last_weight()
    {
        var model = ModelFile.Read(new MemoryStream(Bytes));

        Assert.Equal("89549b9d504962a22dd789e4a743c53e84cf21241e7489ed7724177083a03bf4", WeightsHash.Sha256(model.Weights.Span));
        Assert.Equal("d73d6442965e808d804a3eb93164990b767b4a8148e1df8315f15f1c1cd50245", RecipeIdentity.Sha256(model.Recipe));
        Assert.Equal((60L, 1), (model.Step, model.TrainedWith));
        Assert.Equal(" .0123456789eimst", model.Vocabulary!.Characters);
        Assert.Equal(new DataRecipe.Text("89124bef04b112b4e8de53e347b2be7af1bd1489d0ee1bbefb860048c161090d", 8, 0.2), model.Recipe.Data);
    }

    [Fact]
    public void Is_written_byte_for_byte()
    {
        var read = ModelFile.Read(new MemoryStream(Bytes));

        Assert.Equal(Bytes, read.Bytes());
        Assert.Equal(Bytes, new ModelFile(read.Recipe, read.Step, DataSchema.OfText(read.Vocabulary!), read.Weights).Bytes());
    }
}
