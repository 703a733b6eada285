using ActorTrainer.Numerics.Optimizers;

namespace ActorTrainer.Numerics.Tests.Optimizers;

public sealed class OptimizerStateTests
{
    private static readonly OptimizerSpec.Adam Adam = new(0.9, 0.999, 1e-8);

    public static TheoryData<OptimizerSpec> Specs => [new OptimizerSpec.Sgd(), Adam];

    private static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * 4)];
    }

    private static float[] Run(OptimizerState state, float[] weights, int steps, int from = 0)
    {
        for (var step = from; step < from + steps; step++)
        {
            // As a shard does: published weights are never written to.
            var next = new float[weights.Length];
            state.Apply(weights, next, Values(257, 100 + step).AsSpan(0, weights.Length), factor: 0.37f, learningRate: 0.01f);
            weights = next;
        }

        return weights;
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Gives_the_bits_of_its_scalar_definition_at_every_length_and_width(OptimizerSpec spec)
    {
        for (var length = 0; length <= 67; length++)
        {
            var expected = Values(length, 1);
            var (mean, square, power1, power2) = (new float[length], new float[length], 1.0, 1.0);
            for (var step = 0; step < 3; step++)
            {
                var gradient = Values(257, 100 + step).AsSpan(0, length);
                if (spec is OptimizerSpec.Adam adam)
                {
                    (power1, power2) = (power1 * adam.Beta1, power2 * adam.Beta2);
                    var scalars = AdamStep.Of(new(adam.Beta1, adam.Beta2, adam.Epsilon, 0), 0.01f, power1, power2);
                    ScalarOptimizers.Adam(expected, expected, gradient, mean, square, new(0.37f, float.PositiveInfinity), scalars);
                }
                else
                {
                    ScalarOptimizers.Sgd(expected, expected, gradient, new(0.37f, float.PositiveInfinity), 0.01f);
                }
            }

            foreach (var width in VectorWidths.All)
            {
                Assert.Equal(expected, Run(new OptimizerState(spec, length, width), Values(length, 1), steps: 3));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Moves_a_shard_exactly_as_that_part_of_the_whole(OptimizerSpec spec)
    {
        var whole = new OptimizerState(spec, 257);
        var shard = new OptimizerState(spec, 100);
        var all = Values(257, 1);
        var part = all.AsSpan(93, 100).ToArray();
        for (var step = 0; step < 4; step++)
        {
            var gradient = Values(257, 7 + step);
            whole.Apply(all, all, gradient, 0.5f, 0.01f);
            shard.Apply(part, part, gradient.AsSpan(93, 100), 0.5f, 0.01f);
        }

        Assert.Equal(all.AsSpan(93, 100).ToArray(), part);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Goes_on_from_its_stored_form_to_the_same_bits(OptimizerSpec spec)
    {
        var first = new OptimizerState(spec, 257);
        var halfway = Run(first, Values(257, 1), steps: 5);
        var stored = new byte[first.StoredBytes];
        first.Save(stored);

        var second = new OptimizerState(spec, 257);
        second.Load(stored);

        Assert.Equal(5, second.Steps);
        Assert.Equal(Run(first, halfway, steps: 5, from: 5), Run(second, halfway, steps: 5, from: 5));
    }

    [Fact]
    public void Moves_the_first_step_of_adam_by_the_learning_rate_whatever_the_gradient()
    {
        var state = new OptimizerState(Adam, 3);
        float[] weights = [1f, 1f, 1f];

        state.Apply(weights, weights, [1000f, -1f, 0.01f], factor: 1f, learningRate: 0.5f);

        Assert.Equal(0.5f, weights[0], 1e-5);
        Assert.Equal(1.5f, weights[1], 1e-5);
        Assert.Equal(0.5f, weights[2], 1e-5);
    }

    [Fact]
    public void Names_what_does_not_fit()
    {
        var state = new OptimizerState(Adam, 3);

        var length = Assert.Throws<ArgumentException>(() => state.Apply(new float[3], new float[3], new float[4], 1f, 1f));
        var bytes = Assert.Throws<ArgumentException>(() => state.Load(new byte[7]));
        var beta = Assert.Throws<ArgumentException>(() => new OptimizerState(Adam with { Beta2 = 1 }, 3));

        Assert.Equal("gradientRoot has 4 values; the state holds 3 parameters (Parameter 'gradientRoot')", length.Message);
        Assert.Equal("source has 7 bytes; the stored state has 48 (Parameter 'source')", bytes.Message);
        Assert.Equal("Beta2 is 1; it must be at least 0 and below 1", beta.Message);
    }
}
