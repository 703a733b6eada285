using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Numerics.Tests.Randomness;

public sealed class RandomStreamTests
{
    [Fact]
    public void Places_seed_purpose_layer_step_row_position_and_index_as_rule_B9_says()
    {
        var stream = new RandomStream(seed: 0xDEADBEEF, RandomPurpose.Dropout, layer: 3);

        var block = Philox4x32.Block(0xDEADBEEF, (2u << 16) + 3, 17, 4_000_000_000, 9, 5);

        for (var word = 0; word < 4; word++)
        {
            Assert.Equal(block[word], stream.Word(step: 17, row: 4_000_000_000, position: 9, index: 20 + word));
            Assert.Equal((block[word] >> 8) / 16777216.0, stream.Unit(17, 4_000_000_000, 9, 20 + word));
        }
    }

    [Fact]
    public void Numbers_of_the_purposes_never_change()
    {
        var numbers = Enum.GetValues<RandomPurpose>().Select(purpose => $"{purpose} {(int)purpose}");

        Assert.Equal(["Initialisation 1", "Dropout 2", "Order 3", "Generation 4", "BinaryAddition 5"], numbers.Take(5));
    }

    [Fact]
    public void Fills_give_the_same_values_as_single_calls_at_every_alignment()
    {
        var stream = new RandomStream(1, RandomPurpose.Initialisation, layer: 2);
        for (var first = 0; first < 9; first++)
        {
            for (var length = 0; length < 14; length++)
            {
                var (words, units) = (new uint[length], new float[length]);
                stream.FillWords(5, 6, 7, first, words);
                stream.FillUnits(5, 6, 7, first, units);

                Assert.Equal(Enumerable.Range(first, length).Select(index => stream.Word(5, 6, 7, index)), words);
                Assert.Equal(Enumerable.Range(first, length).Select(index => stream.Unit(5, 6, 7, index)), units);
            }
        }
    }

    [Fact]
    public void Units_lie_in_the_half_open_interval()
    {
        Assert.Equal(0f, RandomStream.ToUnit(255));
        Assert.Equal(1f - (1f / 16777216), RandomStream.ToUnit(uint.MaxValue));
    }

    [Fact]
    public void Units_have_the_mean_and_variance_of_a_uniform_number()
    {
        var units = new float[100_000];
        new RandomStream(1, RandomPurpose.Dropout).FillUnits(0, 0, 0, 0, units);

        var mean = units.Average(unit => (double)unit);
        var variance = units.Average(unit => (unit - mean) * (unit - mean));

        Assert.InRange(mean, 0.496, 0.504);
        Assert.InRange(variance, (1.0 / 12) - 0.001, (1.0 / 12) + 0.001);
    }

    [Fact]
    public void Differs_when_any_part_of_the_key_or_the_counter_differs()
    {
        uint[] words =
        [
            new RandomStream(1, RandomPurpose.Order).Word(0, 0, 0, 0),
            new RandomStream(2, RandomPurpose.Order).Word(0, 0, 0, 0),
            new RandomStream(1, RandomPurpose.Dropout).Word(0, 0, 0, 0),
            new RandomStream(1, RandomPurpose.Order, layer: 1).Word(0, 0, 0, 0),
            new RandomStream(1, RandomPurpose.Order).Word(1, 0, 0, 0),
            new RandomStream(1, RandomPurpose.Order).Word(1L << 32, 0, 0, 0),
            new RandomStream(1, RandomPurpose.Order).Word(0, 1, 0, 0),
            new RandomStream(1, RandomPurpose.Order).Word(0, 0, 1, 0),
            new RandomStream(1, RandomPurpose.Order).Word(0, 0, 0, 1),
            new RandomStream(1, RandomPurpose.Order).Word(0, 0, 0, 4),
        ];

        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Theory]
    [InlineData(-1, 0, 0, 0, "step is -1; it must be from 0 to 1099511627775.")]
    [InlineData(1L << 40, 0, 0, 0, "step is 1099511627776; it must be from 0 to 1099511627775.")]
    [InlineData(0, 1L << 32, 0, 0, "row is 4294967296; it must be from 0 to 4294967295.")]
    [InlineData(0, 0, 1 << 24, 0, "position is 16777216; it must be from 0 to 16777215.")]
    [InlineData(0, 0, 0, 1L << 34, "index is 17179869184; it must be from 0 to 17179869183.")]
    public void Refuses_what_does_not_fit_into_the_counter(long step, long row, int position, long index, string message)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new RandomStream(1, RandomPurpose.Order).Word(step, row, position, index));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_layer_that_would_run_into_the_next_purpose()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, RandomPurpose.Order, layer: 65_536));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, RandomPurpose.Order, layer: -1));
    }
}
