namespace ActorTrainer.Data.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["steps", "batch_size", "optimizer", "learning_rate", "clip_norm", "validation", "lr", "seed", "lanes"];

    [Theory]
    [InlineData("step", "steps")]
    [InlineData("stesp", "steps")]
    [InlineData("batchsize", "batch_size")]
    [InlineData("Batch-Size", "batch_size")]
    [InlineData("learning_raet", "learning_rate")]
    [InlineData("optimiser", "optimizer")]
    [InlineData("sead", "seed")]
    [InlineData("STEPS", "steps")]
    public void Finds_what_was_meant(string name, string meant) => Assert.Equal(meant, NearestName.Of(name, Names));

    [Theory]
    [InlineData("")]
    [InlineData("epochs")]
    [InlineData("x")]
    [InlineData("ab")]
    [InlineData("momentum")]
    public void Is_silent_when_nothing_is_near(string name) => Assert.Null(NearestName.Of(name, Names));

    [Fact]
    public void Does_not_compare_texts_that_are_no_names() =>
        Assert.Null(NearestName.Of(new string('a', 100_000), [new string('a', 100_000)]));

    [Fact]
    public void Takes_the_first_of_equally_near_names() => Assert.Equal("beta1", NearestName.Of("beta", ["beta1", "beta2"]));
}
