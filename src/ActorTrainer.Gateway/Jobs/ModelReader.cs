using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads a network: its layers from the input upwards, and its output.</summary>
internal sealed class ModelReader(FieldProblems problems)
{
    private const string Path = "recipe.model";

    /// <param name="data">Decides the loss where none is named.</param>
    public ModelRecipe Read(Proto.Model? model, DataRecipe data)
    {
        model ??= new Proto.Model();
        var output = model.Output ?? new Proto.Output();
        return new ModelRecipe(
            [.. model.Layers.Select((layer, i) => ReadLayer(layer, $"{Path}.layers[{i}]"))],
            ReadLoss(output.Loss, data),
            ReadInitializer(output.Initializer, $"{Path}.output.initializer", SpecDefaults.Dense));
    }

    private LossKind ReadLoss(Proto.Loss loss, DataRecipe data)
    {
        var natural = data is DataRecipe.Text ? LossKind.SoftmaxCrossEntropy : LossKind.BinaryCrossEntropy;
        return loss switch
        {
            Proto.Loss.Unspecified => natural,
            Proto.Loss.SoftmaxCrossEntropy => LossKind.SoftmaxCrossEntropy,
            Proto.Loss.BinaryCrossEntropy => LossKind.BinaryCrossEntropy,
            var other => problems.Unknown($"{Path}.output.loss", other, "LOSS_SOFTMAX_CROSS_ENTROPY or LOSS_BINARY_CROSS_ENTROPY", natural),
        };
    }

    private LayerSpec ReadLayer(Proto.Layer layer, string path)
    {
        switch (layer.KindCase)
        {
            case Proto.Layer.KindOneofCase.Embedding:
                return new LayerSpec.Embedding(
                    problems.Int($"{path}.embedding.dimension", layer.Embedding.Dimension),
                    ReadInitializer(layer.Embedding.Initializer, $"{path}.embedding.initializer", SpecDefaults.Embedding));

            case Proto.Layer.KindOneofCase.Lstm:
                var lstm = layer.Lstm;
                var units = problems.Int($"{path}.lstm.units", lstm.Units);
                return new LayerSpec.Lstm(
                    units,
                    lstm.HasForgetBias ? lstm.ForgetBias : SpecDefaults.ForgetBias,
                    ReadInitializer(lstm.Initializer, $"{path}.lstm.initializer", SpecDefaults.UniformOver(units)));

            case Proto.Layer.KindOneofCase.Elman:
                var hidden = problems.Int($"{path}.elman.units", layer.Elman.Units);
                return new LayerSpec.Elman(
                    hidden,
                    ReadInitializer(layer.Elman.Initializer, $"{path}.elman.initializer", SpecDefaults.UniformOver(hidden)));

            case Proto.Layer.KindOneofCase.Dense:
                var dense = layer.Dense;
                return new LayerSpec.Dense(
                    problems.Int($"{path}.dense.units", dense.Units),
                    ReadActivation(dense.Activation, $"{path}.dense.activation"),
                    ReadInitializer(dense.Initializer, $"{path}.dense.initializer", SpecDefaults.Dense),
                    dense.HasBias ? dense.Bias : SpecDefaults.DenseBias);

            default:
                problems.Missing(path, "embedding, lstm, elman or dense");
                return new LayerSpec.Dense(1, Activation.Linear, SpecDefaults.Dense, SpecDefaults.DenseBias);
        }
    }

    private Activation ReadActivation(Proto.Activation activation, string path) => activation switch
    {
        Proto.Activation.Unspecified or Proto.Activation.Linear => Activation.Linear,
        Proto.Activation.Sigmoid => Activation.Sigmoid,
        Proto.Activation.Tanh => Activation.Tanh,
        Proto.Activation.Relu => Activation.Relu,
        var other => problems.Unknown(path, other, "ACTIVATION_LINEAR, ACTIVATION_SIGMOID, ACTIVATION_TANH or ACTIVATION_RELU", Activation.Linear),
    };

    private Initializer ReadInitializer(Proto.Initializer? initializer, string path, Initializer otherwise)
    {
        switch (initializer?.KindCase)
        {
            case null:
                return otherwise;
            case Proto.Initializer.KindOneofCase.TruncatedNormal:
                return new Initializer.TruncatedNormal(
                    initializer.TruncatedNormal.StandardDeviation);
            case Proto.Initializer.KindOneofCase.Uniform:
                return new Initializer.Uniform(
                    initializer.Uniform.Low,
                    initializer.Uniform.High);
            case Proto.Initializer.KindOneofCase.Xavier:
                return new Initializer.Xavier();
            case Proto.Initializer.KindOneofCase.Constant:
                return new Initializer.Constant(initializer.Constant.Value);
            default:
                problems.Missing(path, "truncated_normal, uniform, xavier or constant");
                return otherwise;
        }
    }
}
