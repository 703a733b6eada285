using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>A network with the shape of its batches, as it is for us and as it is for the peer.</summary>
/// <param name="Name">By which it is chosen on the command line.</param>
/// <param name="LooksUp">Our input is a symbol, which is looked up; the peer's is the same as a one-hot vector.</param>
internal sealed record ComparisonCase(string Name, string Title, PeerModel Model, bool LooksUp = false)
{
    private static readonly Initializer Xavier = new Initializer.Xavier();

    public static IReadOnlyList<ComparisonCase> All { get; } =
    [
        new("a", "Elman tanh 128, T 50, B 64, 64 features, 10 at the last step", new("elman", 1, 64, 128, 10, 50, 64, AtLastStep: true, Keep: 1)),
        new("b", "LSTM 256, T 64, B 64, 96 features, 96 at every step", new("lstm", 1, 96, 256, 96, 64, 64, AtLastStep: false, Keep: 1)),
        new("c", "LSTM 2 x 512, T 64, B 32, 96 features, 96 at every step", new("lstm", 2, 96, 512, 96, 64, 32, AtLastStep: false, Keep: 1)),
        new("d", "GRU 256, T 64, B 64, 96 features, 96 at every step", new("gru", 1, 96, 256, 96, 64, 64, AtLastStep: false, Keep: 1)),
        new("e", "784 features, 500 tanh, dropout, 10, B 128", new("dense", 1, 784, 500, 10, 1, 128, AtLastStep: false, Keep: 0.5)),
        new("f", "Elman tanh 16, T 8, B 32, 2 features, 1 at every step", new("elman", 1, 2, 16, 1, 8, 32, AtLastStep: false, Keep: 1)),
        new("b-onehot", "b, its one-hot input a look-up", new("lstm", 1, 96, 256, 96, 64, 64, AtLastStep: false, Keep: 1), LooksUp: true),
    ];

    /// <summary>Our network.</summary>
    public NetworkSpec Network { get; } = new(
        LooksUp ? InputKind.Symbols : InputKind.Features,
        Model.Inputs,
        [.. Enumerable.Range(0, Model.Layers).SelectMany(_ => LayersOf(Model))],
        Model.HasClasses ? LossKind.SoftmaxCrossEntropy : LossKind.BinaryCrossEntropy,
        Model.Outputs,
        Xavier)
    {
        Head = Model.AtLastStep ? Head.LastStep : Head.EveryStep,
    };

    /// <summary>
    /// Floating-point operations of a step: forward and two products backward for each weight that is multiplied;
    /// one less below the first product, and none where the input is looked up.
    /// </summary>
    public double Operations
    {
        get
        {
            var sum = 0.0;
            foreach (var tensor in new ModelLayout(Network).Tensors)
            {
                var isOutput = tensor.Layer == Network.Layers.Length;
                var products = tensor switch
                {
                    { Role: ParameterRole.Recurrent } => 3,
                    { Role: ParameterRole.Input, Layer: 0 } => LooksUp ? 0 : 2,
                    { Role: ParameterRole.Input } => 3,
                    _ => 0,
                };
                sum += 2.0 * products * tensor.Length * (isOutput ? Model.Targets : Model.Time * Model.Rows);
            }

            return sum;
        }
    }

    private static LayerSpec[] LayersOf(PeerModel model) => model.Kind switch
    {
        "elman" => [new LayerSpec.Elman(model.Units, Xavier)],
        "lstm" => [new LayerSpec.Lstm(model.Units, 1, Xavier)],
        "gru" => [new LayerSpec.Gru(model.Units, GruReset.After, Xavier)],
        _ when model.Keep < 1 => [new LayerSpec.Dense(model.Units, Activation.Tanh, Xavier, 0), new LayerSpec.Dropout(model.Keep)],
        _ => [new LayerSpec.Dense(model.Units, Activation.Tanh, Xavier, 0)],
    };
}
