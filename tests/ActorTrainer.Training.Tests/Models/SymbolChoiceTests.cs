using ActorTrainer.Training.Models;

namespace ActorTrainer.Training.Tests.Models;

public sealed class SymbolChoiceTests
{
    private static readonly float[] Logits = [0f, 1f, 3f, 1f, 2f];

    [Fact]
    public void Takes_the_first_of_the_likeliest() => Assert.Equal(1, SymbolChoice.Likeliest([1f, 5f, 5f]));

    [Fact]
    public void Draws_each_symbol_as_often_as_the_softmax_says()
    {
        foreach (var temperature in new[] { 0.5, 1.0, 2.0 })
        {
            var choice = new SymbolChoice(Logits.Length);
            var counts = new int[Logits.Length];
            const int Draws = 1 << 14;
            for (var i = 0; i < Draws; i++)
            {
                counts[choice.Draw(Logits, temperature, 0, (i + 0.5f) / Draws)]++;
            }

            var likelihoods = Logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
            for (var symbol = 0; symbol < Logits.Length; symbol++)
            {
                Assert.Equal(likelihoods[symbol] / likelihoods.Sum(), (double)counts[symbol] / Draws, tolerance: 0.0005);
            }
        }
    }

    [Theory]
    [InlineData(1, new[] { 2 })]
    [InlineData(2, new[] { 2, 4 })]
    [InlineData(3, new[] { 1, 2, 4 })]
    [InlineData(4, new[] { 1, 2, 3, 4 })]
    [InlineData(5, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(99, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(0, new[] { 0, 1, 2, 3, 4 })]
    public void Draws_from_the_k_likeliest_only_and_of_equals_from_the_lower(int k, int[] kept)
    {
        var choice = new SymbolChoice(Logits.Length);
        var drawn = Enumerable.Range(0, 10_000).Select(i => choice.Draw(Logits, 10, k, i / 10_000f)).Distinct().Order();

        Assert.Equal(kept, drawn);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0.001)]
    public void Draws_the_likeliest_when_it_is_cold(double temperature)
    {
        var choice = new SymbolChoice(Logits.Length);

        Assert.All([0f, 0.5f, 1f - (1f / (1 << 24))], unit => Assert.Equal(2, choice.Draw(Logits, temperature, 0, unit)));
    }

    [Fact]
    public void Survives_huge_logits_and_those_that_are_no_numbers()
    {
        var choice = new SymbolChoice(3);

        Assert.Equal(1, choice.Draw([-1e4f, 1e4f, -3e38f], 0.1, 0, 0.999f));
        Assert.InRange(choice.Draw([float.NaN, 1f, 2f], 1, 2, 0.5f), 0, 2);
        Assert.InRange(choice.Draw([float.PositiveInfinity, 1f, 2f], 1, 0, 0.5f), 0, 2);
    }
}
