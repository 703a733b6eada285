using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class GruTests
{
    public static TheoryData<GruReset, InputKind> Kinds => new()
    {
        { GruReset.Before, InputKind.Features },
        { GruReset.Before, InputKind.Symbols },
        { GruReset.After, InputKind.Features },
        { GruReset.After, InputKind.Symbols },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gives_the_bits_of_the_definition_for_odd_units_and_rows_with_carried_state(GruReset reset, InputKind input)
    {
        foreach (var units in new[] { 1, 5, 16, 17, 33 })
        {
            foreach (var rows in new[] { 1, 3, 8 })
            {
                var sample = new Sample(Sample.Gru(units, reset, inputs: 9, input: input), time: 4, rows, seed: units + rows);

                AssertBits(sample, Sample.Lanes(0, 1, rows - 1, 0), new LaneBlock(0, 4), new LaneBlock(0, 2), new LaneBlock(1, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gives_the_bits_of_the_definition_where_weight_gradients_are_taken_in_pieces(GruReset reset, InputKind input)
    {
        var sample = new Sample(Sample.Gru(40, reset, inputs: 19, input: input), time: 27, rows: 40, scale: 0.3f);

        AssertBits(sample, Sample.Lanes(17, 0, 22, 1), new LaneBlock(0, 4));
    }

    [Fact]
    public void Stands_in_the_layout_with_gates_r_z_n_and_a_bias_more_where_it_resets_after_the_product()
    {
        var spec = Sample.Gru(4, GruReset.After) with
        {
            Layers = [new LayerSpec.Gru(4, GruReset.After, Sample.Any), new LayerSpec.Gru(6, GruReset.Before, Sample.Any)],
        };
        var layout = new ModelLayout(spec);

        Assert.Equal(
            [
                ("layers.0.gru.W", 0, 3, 12, 3),
                ("layers.0.gru.U", 36, 4, 12, 3),
                ("layers.0.gru.b", 84, 1, 12, 3),
                ("layers.0.gru.c", 96, 1, 4, 1),
                ("layers.1.gru.W", 100, 4, 18, 3),
                ("layers.1.gru.U", 172, 6, 18, 3),
                ("layers.1.gru.b", 280, 1, 18, 3),
                ("output.W", 298, 6, 5, 1),
                ("output.b", 328, 1, 5, 1),
            ],
            layout.Tensors.Select(tensor => (tensor.Name, tensor.Offset, tensor.Rows, tensor.Columns, tensor.Gates)));
        Assert.Equal(4 + 6, layout.StateSize);
    }

    [Fact]
    public void Starts_with_biases_of_zero_and_each_gate_a_matrix_of_its_own()
    {
        var spec = Sample.Gru(60, GruReset.After, inputs: 60);
        var layout = new ModelLayout(spec);
        var weights = new float[layout.ParameterCount];
        InitialWeights.Fill(spec, 7, weights);

        Assert.All(Values(ParameterRole.Bias), value => Assert.Equal(0f, value));
        Assert.All(Values(ParameterRole.RecurrentBias), value => Assert.Equal(0f, value));
        var bound = Math.Sqrt(6.0 / 120);
        Assert.Equal(bound, Values(ParameterRole.Input).Max(), 0.01);
        Assert.Equal(bound, Values(ParameterRole.Recurrent).Max(), 0.01);
        Assert.NotEqual(Values(ParameterRole.Input), Values(ParameterRole.Recurrent));

        float[] Values(ParameterRole role)
        {
            var tensor = layout.Tensor(0, role);
            return weights[tensor.Offset..tensor.End];
        }
    }

    [Fact]
    public void Names_what_makes_no_sense()
    {
        Refuses("layers[0].units is 0; it must be at least 1", new LayerSpec.Gru(0, GruReset.After, Sample.Any));
        Refuses("layers[0].reset 7 is not known", new LayerSpec.Gru(3, (GruReset)7, Sample.Any));
        Refuses(
            "layers[0].recurrent_initializer.gain is NaN; it must be finite",
            new LayerSpec.Gru(3, GruReset.After, Sample.Any) { RecurrentInitializer = new Initializer.Orthogonal(double.NaN) });
        Refuses(
            "layers[0].activation is Sigmoid; an Elman layer has Tanh or Relu",
            new LayerSpec.Elman(3, Sample.Any) { Activation = Activation.Sigmoid });
    }

    private static void AssertBits(Sample sample, LaneRows[] lanes, params LaneBlock[] blocks)
    {
        var expected = sample.Run(width: null, lanes, blocks);
        foreach (var width in VectorWidths.All)
        {
            Sample.Result.AssertEqual(expected, sample.Run(width, lanes, blocks), $"{sample.Spec.Layers[0]} with {sample.Batch.Rows} rows at {width}");
        }
    }

    private static void Refuses(string message, LayerSpec layer)
    {
        var spec = Sample.Lstm(3) with { Layers = [layer] };
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new ModelLayout(spec)).Message, StringComparison.Ordinal);
    }
}
