using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class ModelLayoutTests
{
    private static readonly NetworkSpec Stack = new(
        InputKind.Symbols,
        11,
        [
            new LayerSpec.Embedding(3, Sample.Any),
            new LayerSpec.Lstm(4, 1, Sample.Any),
            new LayerSpec.Dense(5, Activation.Tanh, Sample.Any, 0),
            new LayerSpec.Elman(6, Sample.Any),
        ],
        LossKind.SoftmaxCrossEntropy,
        7,
        Sample.Any);

    [Fact]
    public void Stands_layer_by_layer_without_holes()
    {
        var layout = new ModelLayout(Stack);

        Assert.Equal(
            [
                ("layers.0.embedding", 11, 3),
                ("layers.1.lstm.W", 3, 16),
                ("layers.1.lstm.U", 4, 16),
                ("layers.1.lstm.b", 1, 16),
                ("layers.2.dense.W", 4, 5),
                ("layers.2.dense.b", 1, 5),
                ("layers.3.elman.W", 5, 6),
                ("layers.3.elman.U", 6, 6),
                ("layers.3.elman.b", 1, 6),
                ("output.W", 6, 7),
                ("output.b", 1, 7),
            ],
            layout.Tensors.Select(tensor => (tensor.Name, tensor.Rows, tensor.Columns)));
        var end = 0;
        foreach (var tensor in layout.Tensors)
        {
            Assert.Equal(end, tensor.Offset);
            end = tensor.End;
        }

        Assert.Equal(end, layout.ParameterCount);
        Assert.Equal(4 + 4 + 6, layout.StateSize);
    }

    [Fact]
    public void Names_what_makes_no_sense()
    {
        Refuses("input size is 0; it must be at least 1", Stack with { InputSize = 0 });
        Refuses("outputs is -1; it must be at least 1", Stack with { Outputs = -1 });
        Refuses("layers[0] is an embedding, but the input is Features; it needs Symbols", Stack with { Input = InputKind.Features });
        Refuses("layers[4] is an embedding; only the first layer can be one", Stack with { Layers = [.. Stack.Layers, Stack.Layers[0]] });
        Refuses("layers[0].units is 0; it must be at least 1", Stack with { Layers = [new LayerSpec.Lstm(0, 1, Sample.Any)] });
        Refuses(
            "layers[0].initializer.standard_deviation is -1; it must not be negative",
            Stack with { Layers = [new LayerSpec.Elman(2, new Initializer.TruncatedNormal(-1))] });
        Refuses("layers[0].bias is NaN; it must be finite", Stack with { Layers = [new LayerSpec.Dense(2, Activation.Relu, Sample.Any, double.NaN)] });
        Refuses("the network has at least ", Stack with { Layers = [new LayerSpec.Lstm(100_000, 1, Sample.Any)] });
    }

    private static void Refuses(string message, NetworkSpec spec) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new ModelLayout(spec)).Message, StringComparison.Ordinal);
}
