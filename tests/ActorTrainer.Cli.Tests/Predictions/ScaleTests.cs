using ActorTrainer.Cli.Predictions;

namespace ActorTrainer.Cli.Tests.Predictions;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 100, "0 50 100")]
    [InlineData(104, 622, "0 200 400 600 800")]
    [InlineData(-0.31, 0.29, "-0.4 -0.2 0.0 0.2 0.4")]
    [InlineData(5, 5, "4.5 5.0 5.5")]
    [InlineData(10_000, 40_000, "10,000 20,000 30,000 40,000")]
    public void Marks_are_round(double low, double high, string expected)
    {
        var scale = Scale.Of([low, high], 4);

        Assert.Equal(expected, string.Join(' ', scale.Marks.Select(scale.Label)));
    }
}
