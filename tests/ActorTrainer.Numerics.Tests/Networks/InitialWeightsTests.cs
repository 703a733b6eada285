using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class InitialWeightsTests
{
    private static (ModelLayout Layout, float[] Weights) Fill(Initializer initializer, uint seed = 7)
    {
        var spec = new NetworkSpec(
            InputKind.Symbols,
            60,
            [
                new LayerSpec.Embedding(60, initializer),
                new LayerSpec.Lstm(60, 1.5, initializer),
                new LayerSpec.Dense(60, Activation.Relu, initializer, 0.25),
                new LayerSpec.Elman(60, initializer),
            ],
            LossKind.SoftmaxCrossEntropy,
            60,
            initializer);
        var layout = new ModelLayout(spec);
        var weights = new float[layout.ParameterCount];
        InitialWeights.Fill(spec, seed, weights);
        return (layout, weights);
    }

    private static float[] Matrices(ModelLayout layout, float[] weights) =>
        [.. layout.Tensors.Where(tensor => tensor.Role != ParameterRole.Bias).SelectMany(tensor => weights[tensor.Offset..tensor.End])];

    [Fact]
    public void Truncated_normal_stays_within_two_deviations_and_has_their_spread()
    {
        var (layout, weights) = Fill(new Initializer.TruncatedNormal(0.5));
        var values = Matrices(layout, weights);

        Assert.All(values, value => Assert.InRange(value, -1f, 1f));
        Assert.Equal(0, values.Average(), 0.01);

        // A normal cut at 2σ has variance σ²·(1 − 4·φ(2)/(Φ(2) − Φ(−2))) = 0.7737 σ².
        Assert.Equal(0.7737 * 0.25, values.Average(value => (double)value * value), 0.004);
        Assert.Equal(0.3829 / 0.9545, values.Count(value => Math.Abs(value) < 0.25f) / (double)values.Length, 0.01);
    }

    [Fact]
    public void Uniform_and_xavier_fill_their_ranges()
    {
        var (layout, weights) = Fill(new Initializer.Uniform(-0.2, 0.6));
        Assert.Equal(0.2, Matrices(layout, weights).Average(), 0.01);
        Assert.All(Matrices(layout, weights), value => Assert.InRange(value, -0.2f, 0.6f));

        (layout, weights) = Fill(new Initializer.Xavier());
        var bound = Math.Sqrt(6.0 / 120);
        Assert.Equal(bound * bound / 3, Matrices(layout, weights).Average(value => (double)value * value), 0.001);
        Assert.All(Matrices(layout, weights), value => Assert.InRange(value, (float)-bound, (float)bound));
    }

    [Fact]
    public void Constant_is_constant_and_biases_start_as_the_layer_says()
    {
        var (layout, weights) = Fill(new Initializer.Constant(0.125));

        Assert.All(Matrices(layout, weights), value => Assert.Equal(0.125f, value));
        Assert.Equal(
            [.. new float[60], .. Enumerable.Repeat(1.5f, 60), .. new float[120]],
            weights[layout.Tensor(1, ParameterRole.Bias).Offset..layout.Tensor(1, ParameterRole.Bias).End]);
        Assert.All(weights[layout.Tensor(2, ParameterRole.Bias).Offset..layout.Tensor(2, ParameterRole.Bias).End], value => Assert.Equal(0.25f, value));
        Assert.All(weights[layout.Tensor(4, ParameterRole.Bias).Offset..], value => Assert.Equal(0f, value));
    }

    [Fact]
    public void No_two_tensors_share_their_numbers_and_another_seed_gives_others()
    {
        var (layout, weights) = Fill(new Initializer.Uniform(0, 1));
        var starts = layout.Tensors.Where(tensor => tensor.Role != ParameterRole.Bias)
            .Select(tensor => string.Join(' ', weights[tensor.Offset..(tensor.Offset + 8)]));

        Assert.Equal(7, starts.Distinct().Count());
        Assert.Equal(weights, Fill(new Initializer.Uniform(0, 1)).Weights);
        Assert.NotEqual(weights, Fill(new Initializer.Uniform(0, 1), seed: 8).Weights);
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => InitialWeights.Fill(Sample.Elman(2), 1, new float[3]));

        Assert.StartsWith("weights has 3 values; the network has 27 parameters", refused.Message, StringComparison.Ordinal);
    }
}
