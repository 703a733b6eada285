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

    /// <summary>Greatest distance of a gate's products of rows (or of columns) from gain² times the identity.</summary>
    private static double FromOrthogonal(ParameterTensor tensor, float[] weights, int gate, double gain)
    {
        var units = tensor.Columns / tensor.Gates;
        var ofRows = tensor.Rows < units;
        var (count, length) = ofRows ? (tensor.Rows, units) : (units, tensor.Rows);
        double At(int vector, int element) => ofRows
            ? weights[tensor.Offset + (vector * tensor.Columns) + (gate * units) + element]
            : weights[tensor.Offset + (element * tensor.Columns) + (gate * units) + vector];
        var greatest = 0.0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var product = Enumerable.Range(0, length).Sum(element => At(i, element) * At(j, element));
                greatest = Math.Max(greatest, Math.Abs(product - (i == j ? gain * gain : 0)));
            }
        }

        return greatest;
    }

    [Fact]
    public void Orthogonal_makes_each_gates_rows_or_columns_orthonormal_whichever_are_fewer()
    {
        const double Gain = 1.5;
        var orthogonal = new Initializer.Orthogonal(Gain);
        var spec = new NetworkSpec(
            InputKind.Symbols,
            70,
            [new LayerSpec.Embedding(50, orthogonal), new LayerSpec.Lstm(40, 1, orthogonal), new LayerSpec.Gru(90, GruReset.After, orthogonal)],
            LossKind.SoftmaxCrossEntropy,
            1,
            orthogonal);
        var layout = new ModelLayout(spec);
        var weights = new float[layout.ParameterCount];
        InitialWeights.Fill(spec, 5, weights);

        foreach (var tensor in layout.Tensors.Where(tensor => tensor.Role is not (ParameterRole.Bias or ParameterRole.RecurrentBias)))
        {
            for (var gate = 0; gate < tensor.Gates; gate++)
            {
                Assert.True(FromOrthogonal(tensor, weights, gate, Gain) < 1e-6, $"{tensor.Name}, gate {gate}");
            }
        }

        // No gate repeats another's numbers.
        var u = layout.Tensor(1, ParameterRole.Recurrent);
        Assert.Equal(4, Enumerable.Range(0, 4).Select(gate => weights[u.Offset + (gate * 40)]).Distinct().Count());
        Assert.All(weights[layout.Tensor(2, ParameterRole.RecurrentBias).Offset..layout.Tensor(2, ParameterRole.RecurrentBias).End], value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Orthogonal_matrices_turn_in_every_direction_alike()
    {
        // The elements of a uniformly random orthogonal matrix of n × n have mean 0, variance 1/n and fourth
        // moment 3/(n(n + 2)); its trace has mean 0 and variance 1.
        const int Units = 24;
        const int Seeds = 200;
        var spec = new NetworkSpec(
            InputKind.Symbols,
            2,
            [new LayerSpec.Elman(Units, Sample.Any) { RecurrentInitializer = new Initializer.Orthogonal(1) }],
            LossKind.SoftmaxCrossEntropy,
            2,
            Sample.Any);
        var layout = new ModelLayout(spec);
        var u = layout.Tensor(0, ParameterRole.Recurrent);
        var weights = new float[layout.ParameterCount];
        var (elements, traces) = (new List<double>(), new List<double>());
        for (var seed = 0u; seed < Seeds; seed++)
        {
            InitialWeights.Fill(spec, seed, weights);
            elements.AddRange(weights[u.Offset..u.End].Select(value => (double)value));
            traces.Add(Enumerable.Range(0, Units).Sum(i => (double)weights[u.Offset + (i * Units) + i]));
        }

        Assert.Equal(0, elements.Average(), 0.002);
        Assert.Equal(1.0 / Units, elements.Average(x => x * x), 1e-6);
        Assert.Equal(3.0 / (Units * (Units + 2)), elements.Average(x => x * x * x * x), 1e-4);
        Assert.Equal(0, traces.Average(), 0.25);
        Assert.Equal(1, traces.Average(x => x * x), 0.35);
    }

    [Fact]
    public void Identity_has_its_scale_on_each_gates_diagonal()
    {
        var identity = new Initializer.Identity(0.5);
        var spec = new NetworkSpec(
            InputKind.Features, 3, [new LayerSpec.Lstm(2, 0, identity)], LossKind.BinaryCrossEntropy, 4, identity);
        var layout = new ModelLayout(spec);
        var weights = new float[layout.ParameterCount];
        InitialWeights.Fill(spec, 1, weights);

        float[] Of(int layer, ParameterRole role) => weights[layout.Tensor(layer, role).Offset..layout.Tensor(layer, role).End];
        const float S = 0.5f;
        Assert.Equal([S, 0, S, 0, S, 0, S, 0, 0, S, 0, S, 0, S, 0, S, 0, 0, 0, 0, 0, 0, 0, 0], Of(0, ParameterRole.Input));
        Assert.Equal([S, 0, S, 0, S, 0, S, 0, 0, S, 0, S, 0, S, 0, S], Of(0, ParameterRole.Recurrent));
        Assert.Equal([S, 0, 0, 0, 0, S, 0, 0], Of(1, ParameterRole.Input));
    }

    [Fact]
    public void The_output_layers_bias_starts_where_the_spec_says()
    {
        var spec = Sample.Elman(2) with { OutputBias = 0.75 };
        var bias = new ModelLayout(spec).Tensor(spec.Layers.Length, ParameterRole.Bias);
        var weights = new float[bias.End];
        InitialWeights.Fill(spec, 1, weights);

        Assert.All(weights[bias.Offset..], value => Assert.Equal(0.75f, value));

        InitialWeights.Fill(spec with { OutputBias = 0 }, 1, weights);
        Assert.All(weights[bias.Offset..], value => Assert.Equal(0f, value));
    }

    [Fact]
    public void The_recurrent_initializer_is_for_u_alone()
    {
        LayerSpec[] plain = [new LayerSpec.Lstm(5, 1, Sample.Any), new LayerSpec.Elman(4, Sample.Any), new LayerSpec.Gru(3, GruReset.Before, Sample.Any)];
        var constant = new Initializer.Constant(7);
        LayerSpec[] other =
        [
            new LayerSpec.Lstm(5, 1, Sample.Any) { RecurrentInitializer = constant },
            new LayerSpec.Elman(4, Sample.Any) { RecurrentInitializer = constant },
            new LayerSpec.Gru(3, GruReset.Before, Sample.Any) { RecurrentInitializer = constant },
        ];
        var spec = new NetworkSpec(InputKind.Symbols, 6, [.. plain], LossKind.SoftmaxCrossEntropy, 6, Sample.Any);
        var layout = new ModelLayout(spec);
        var (before, after) = (new float[layout.ParameterCount], new float[layout.ParameterCount]);
        InitialWeights.Fill(spec, 3, before);
        InitialWeights.Fill(spec with { Layers = [.. other] }, 3, after);

        foreach (var tensor in layout.Tensors)
        {
            var expected = tensor.Role == ParameterRole.Recurrent ? Enumerable.Repeat(7f, tensor.Length) : before[tensor.Offset..tensor.End];
            Assert.Equal(expected, after[tensor.Offset..tensor.End]);
        }
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => InitialWeights.Fill(Sample.Elman(2), 1, new float[3]));

        Assert.StartsWith("weights has 3 values; the network has 27 parameters", refused.Message, StringComparison.Ordinal);
    }
}
