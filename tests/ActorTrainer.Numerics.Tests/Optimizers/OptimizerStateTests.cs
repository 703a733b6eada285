using ActorTrainer.Numerics.Optimizers;

namespace ActorTrainer.Numerics.Tests.Optimizers;

public sealed class OptimizerStateTests
{
    private static readonly OptimizerSpec.Adam Adam = new(0.9, 0.999, 1e-8);

    public static TheoryData<OptimizerSpec> Specs =>
    [
        new OptimizerSpec.Sgd(),
        new OptimizerSpec.Momentum(0.9),
        new OptimizerSpec.Nesterov(0.8),
        Adam,
        new OptimizerSpec.AdamW(0.9, 0.99, 1e-6, 0.3),
        new OptimizerSpec.RmsProp(0.95, 1e-7),
        new OptimizerSpec.Adagrad(1e-10),
    ];

    private static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * 4)];
    }

    private static float[] Run(OptimizerState state, float[] weights, int steps, int from = 0, float? clipValue = null)
    {
        for (var step = from; step < from + steps; step++)
        {
            // As a shard does: published weights are never written to.
            var next = new float[weights.Length];
            state.Apply(weights, next, Values(257, 100 + step).AsSpan(0, weights.Length), factor: 0.37f, learningRate: 0.01f, clipValue);
            weights = next;
        }

        return weights;
    }

    /// <summary>The same steps by the scalar definitions.</summary>
    private static float[] RunScalar(OptimizerSpec spec, float[] weights, int steps, float limit)
    {
        const float Rate = 0.01f;
        var scale = new GradientScale(0.37f, limit);
        var (w, slot, square, power1, power2) = (weights, new float[weights.Length], new float[weights.Length], 1.0, 1.0);
        for (var step = 0; step < steps; step++)
        {
            var gradient = Values(257, 100 + step).AsSpan(0, w.Length);
            switch (spec)
            {
                case OptimizerSpec.Sgd:
                    ScalarOptimizers.Sgd(w, w, gradient, scale, Rate);
                    break;
                case OptimizerSpec.Momentum momentum:
                    ScalarOptimizers.Momentum(w, w, gradient, slot, scale, Rate, (float)momentum.Coefficient);
                    break;
                case OptimizerSpec.Nesterov nesterov:
                    ScalarOptimizers.Nesterov(w, w, gradient, slot, scale, Rate, (float)nesterov.Coefficient);
                    break;
                case OptimizerSpec.Adam adam:
                    (power1, power2) = (power1 * adam.Beta1, power2 * adam.Beta2);
                    var plain = AdamStep.Of(new(adam.Beta1, adam.Beta2, adam.Epsilon, 0), Rate, power1, power2);
                    ScalarOptimizers.Adam(w, w, gradient, slot, square, scale, plain);
                    break;
                case OptimizerSpec.AdamW adam:
                    (power1, power2) = (power1 * adam.Beta1, power2 * adam.Beta2);
                    ScalarOptimizers.AdamW(w, w, gradient, slot, square, scale, AdamStep.Of(adam, Rate, power1, power2));
                    break;
                case OptimizerSpec.RmsProp rms:
                    ScalarOptimizers.RmsProp(
                        w, w, gradient, slot, scale, Rate, (float)rms.Decay, (float)(1 - rms.Decay), (float)rms.Epsilon);
                    break;
                case OptimizerSpec.Adagrad adagrad:
                    ScalarOptimizers.Adagrad(w, w, gradient, slot, scale, Rate, (float)adagrad.Epsilon);
                    break;
            }
        }

        return w;
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Gives_the_bits_of_its_scalar_definition_at_every_length_and_width(OptimizerSpec spec)
    {
        for (var length = 0; length <= 67; length++)
        {
            var expected = RunScalar(spec, Values(length, 1), steps: 3, float.PositiveInfinity);
            var clipped = RunScalar(spec, Values(length, 1), steps: 3, limit: 0.2f);
            foreach (var width in VectorWidths.All)
            {
                Bits.Equal(expected, Run(new OptimizerState(spec, length, width), Values(length, 1), steps: 3), $"{spec} of {length}");
                Bits.Equal(
                    clipped,
                    Run(new OptimizerState(spec, length, width), Values(length, 1), steps: 3, clipValue: 0.2f),
                    $"clipped {spec} of {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Computes_its_first_two_steps_as_its_formula_says(OptimizerSpec spec)
    {
        // One weight, in double and written out anew: w = 1, gradients 0.5 and −0.25, rate 0.1.
        var state = new OptimizerState(spec, 1);
        float[] weights = [1f];
        state.Apply(weights, weights, [1f], factor: 0.5f, learningRate: 0.1f);
        state.Apply(weights, weights, [-0.5f], factor: 0.5f, learningRate: 0.1f);

        double AdamStep(double w, double m, double v, double power1, double power2, double epsilon) =>
            w - (0.1 * (m / (1 - power1)) / (Math.Sqrt(v / (1 - power2)) + epsilon));
        double TwoAdamSteps(double beta1, double beta2, double epsilon, double kept)
        {
            var (m1, v1) = ((1 - beta1) * 0.5, (1 - beta2) * 0.25);
            var (m2, v2) = ((beta1 * m1) - ((1 - beta1) * 0.25), (beta2 * v1) + ((1 - beta2) * 0.0625));
            return AdamStep(kept * AdamStep(kept, m1, v1, beta1, beta2, epsilon), m2, v2, beta1 * beta1, beta2 * beta2, epsilon);
        }

        var expected = spec switch
        {
            OptimizerSpec.Sgd => 1 - (0.1 * 0.5) + (0.1 * 0.25),
            OptimizerSpec.Momentum => 1 - (0.1 * 0.5) - (0.1 * ((0.9 * 0.5) - 0.25)),
            OptimizerSpec.Nesterov => 1 - (0.1 * (0.5 + (0.8 * 0.5))) - (0.1 * (-0.25 + (0.8 * ((0.8 * 0.5) - 0.25)))),
            OptimizerSpec.Adam adam => TwoAdamSteps(adam.Beta1, adam.Beta2, adam.Epsilon, kept: 1),
            OptimizerSpec.AdamW adam => TwoAdamSteps(adam.Beta1, adam.Beta2, adam.Epsilon, kept: 1 - (0.1 * 0.3)),
            OptimizerSpec.RmsProp => 1 - (0.1 * 0.5 / Math.Sqrt(0.05 * 0.25)) + (0.1 * 0.25 / Math.Sqrt((0.95 * 0.05 * 0.25) + (0.05 * 0.0625))),
            _ => 1 - (0.1 * 0.5 / 0.5) + (0.1 * 0.25 / Math.Sqrt(0.25 + 0.0625)),
        };
        Assert.Equal(expected, weights[0], 2e-6);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Clips_the_mean_by_value_before_anything_else_and_lets_a_nan_through(OptimizerSpec spec)
    {
        float[] start = [1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f];
        var (clipped, within) = (start.ToArray(), start.ToArray());
        new OptimizerState(spec, 9, VectorWidth.Bits128).Apply(
            start, clipped, [8f, -8f, 2f, float.PositiveInfinity, float.NaN, -2f, 8f, float.NaN, float.NegativeInfinity], 0.5f, 0.1f, clipValue: 1f);
        new OptimizerState(spec, 9, VectorWidth.Bits128).Apply(
            start, within, [2f, -2f, 2f, 2f, float.NaN, -2f, 2f, float.NaN, -2f], 0.5f, 0.1f);

        Bits.Equal(within, clipped, $"{spec}");
        Assert.True(float.IsNaN(clipped[4]) && float.IsNaN(clipped[7]));
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
            whole.Apply(all, all, gradient, 0.5f, 0.01f, clipValue: 0.7f);
            shard.Apply(part, part, gradient.AsSpan(93, 100), 0.5f, 0.01f, clipValue: 0.7f);
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

    [Fact]
    public void Decays_every_weight_of_adamw_by_rate_times_decay_however_small()
    {
        // 1 − 10⁻⁷ is not a float near enough: the decay of a large weight must not be lost or doubled.
        var state = new OptimizerState(new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01), 1);
        float[] weights = [1000f];
        for (var step = 0; step < 1000; step++)
        {
            state.Apply(weights, weights, [0f], factor: 1f, learningRate: 1e-3f);
        }

        Assert.Equal(1000 * Math.Exp(-1000 * 1e-5), weights[0], 0.05);
    }

    [Fact]
    public void The_stored_form_holds_a_float_for_each_slot_behind_steps_and_powers()
    {
        var bytes = ((IEnumerable<object[]>)Specs).Select(row => new OptimizerState((OptimizerSpec)row[0], 10).StoredBytes);
        Assert.Equal([24L, 64L, 64L, 104L, 104L, 64L, 64L], bytes);

        // Adam's stored form as the first version wrote it.
        var state = new OptimizerState(new OptimizerSpec.Adam(0.5, 0.25, 1), 1);
        float[] weights = [1f];
        state.Apply(weights, weights, [2f], factor: 1f, learningRate: 0.5f);
        var stored = new byte[state.StoredBytes];
        state.Save(stored);
        Assert.Equal("0100000000000000" + "000000000000E03F" + "000000000000D03F" + "0000803F" + "00004040", Convert.ToHexString(stored));
    }

    [Fact]
    public void Names_every_constant_outside_its_range()
    {
        (OptimizerSpec Spec, string Message)[] wrong =
        [
            (new OptimizerSpec.Momentum(1), "Momentum is 1; it must be at least 0 and below 1"),
            (new OptimizerSpec.Nesterov(-0.1), "Momentum is -0.1; it must be at least 0 and below 1"),
            (new OptimizerSpec.AdamW(double.NaN, 0.9, 1e-8, 0), "Beta1 is NaN; it must be at least 0 and below 1"),
            (new OptimizerSpec.AdamW(0.9, 0.9, 0, 0), "Epsilon is 0; it must be above 0"),
            (new OptimizerSpec.AdamW(0.9, 0.9, 1e-8, -1), "WeightDecay is -1; it must be at least 0 and finite"),
            (new OptimizerSpec.RmsProp(1.5, 1e-8), "Decay is 1.5; it must be at least 0 and below 1"),
            (new OptimizerSpec.RmsProp(0.9, -1), "Epsilon is -1; it must be above 0"),
            (new OptimizerSpec.Adagrad(double.PositiveInfinity), $"Epsilon is {double.PositiveInfinity}; it must be above 0"),
        ];

        Assert.All(wrong, row => Assert.Equal(row.Message, Assert.Throws<ArgumentException>(() => new OptimizerState(row.Spec, 3)).Message));

        var state = new OptimizerState(new OptimizerSpec.Sgd(), 1);
        foreach (var limit in (float[])[0f, -1f, float.NaN])
        {
            var refused = Assert.Throws<ArgumentException>(() => state.Apply([1f], new float[1], [1f], 1f, 1f, limit));
            Assert.StartsWith($"clipValue is {limit}; it must be above 0", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, state.Steps);
    }
}
