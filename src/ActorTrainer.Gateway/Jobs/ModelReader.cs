using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads a network: its layers from the input upwards, and its output.</summary>
internal sealed class ModelReader(FieldProblems problems)
{
    private const string Path = "recipe.model";

    private readonly InitializerReader _initializers = new(problems);

    /// <param name="data">Decides the loss where none is named; null if there is none.</param>
    public ModelRecipe Read(Proto.Model? model, DataRecipe? data)
    {
        model ??= new Proto.Model();
        var output = model.Output ?? new Proto.Output();
        return new ModelRecipe(
            [.. model.Layers.Select((layer, i) => ReadLayer(layer, $"{Path}.layers[{i}]"))],
            ReadLoss(output.Loss, data),
            _initializers.Read(output.Initializer, $"{Path}.output.initializer", SpecDefaults.Dense))
        {
            Head = ReadHead(output.At, data),
            OutputBias = output.HasBias ? output.Bias : SpecDefaults.OutputBias,
            ClassWeights = [.. output.ClassWeights],
        };
    }

    private LossKind ReadLoss(Proto.Loss loss, DataRecipe? data)
    {
        var natural = data is null ? LossKind.SoftmaxCrossEntropy : RecipeNetwork.DefaultLoss(data);
        return loss switch
        {
            Proto.Loss.Unspecified => natural,
            Proto.Loss.SoftmaxCrossEntropy => LossKind.SoftmaxCrossEntropy,
            Proto.Loss.BinaryCrossEntropy => LossKind.BinaryCrossEntropy,
            Proto.Loss.MeanSquaredError => LossKind.MeanSquaredError,
            var other => problems.Unknown(
                $"{Path}.output.loss", other, "LOSS_SOFTMAX_CROSS_ENTROPY, LOSS_BINARY_CROSS_ENTROPY or LOSS_MEAN_SQUARED_ERROR", natural),
        };
    }

    /// <summary>Null where it is the data's own: said or not, it is the same run.</summary>
    private Head? ReadHead(Proto.OutputAt at, DataRecipe? data)
    {
        var head = at switch
        {
            Proto.OutputAt.Unspecified => (Head?)null,
            Proto.OutputAt.EveryStep => Head.EveryStep,
            Proto.OutputAt.LastStep => Head.LastStep,
            var other => problems.Unknown<Head?>($"{Path}.output.at", other, "OUTPUT_AT_EVERY_STEP or OUTPUT_AT_LAST_STEP", null),
        };
        return data is not null && head == RecipeNetwork.DefaultHead(data) ? null : head;
    }

    private LayerSpec ReadLayer(Proto.Layer layer, string path)
    {
        switch (layer.KindCase)
        {
            case Proto.Layer.KindOneofCase.Embedding:
                return new LayerSpec.Embedding(
                    problems.Int($"{path}.embedding.dimension", layer.Embedding.Dimension),
                    _initializers.Read(layer.Embedding.Initializer, $"{path}.embedding.initializer", SpecDefaults.Embedding));

            case Proto.Layer.KindOneofCase.Lstm:
                var lstm = layer.Lstm;
                var units = problems.Int($"{path}.lstm.units", lstm.Units);
                return new LayerSpec.Lstm(
                    units,
                    lstm.HasForgetBias ? lstm.ForgetBias : SpecDefaults.ForgetBias,
                    _initializers.Read(lstm.Initializer, $"{path}.lstm.initializer", SpecDefaults.UniformOver(units)))
                {
                    RecurrentInitializer = _initializers.ReadOptional(lstm.RecurrentInitializer, $"{path}.lstm.recurrent_initializer"),
                };

            case Proto.Layer.KindOneofCase.Elman:
                return ReadElman(layer.Elman, $"{path}.elman");

            case Proto.Layer.KindOneofCase.Gru:
                return ReadGru(layer.Gru, $"{path}.gru");

            case Proto.Layer.KindOneofCase.Dense:
                var dense = layer.Dense;
                return new LayerSpec.Dense(
                    problems.Int($"{path}.dense.units", dense.Units),
                    ReadActivation(dense.Activation, $"{path}.dense.activation", Activation.Linear),
                    _initializers.Read(dense.Initializer, $"{path}.dense.initializer", SpecDefaults.Dense),
                    dense.HasBias ? dense.Bias : SpecDefaults.DenseBias);

            case Proto.Layer.KindOneofCase.Dropout:
                return new LayerSpec.Dropout(layer.Dropout.HasKeep ? layer.Dropout.Keep : SpecDefaults.Keep);

            default:
                problems.Missing(path, "embedding, lstm, elman, gru, dense or dropout");
                return new LayerSpec.Dense(1, Activation.Linear, SpecDefaults.Dense, SpecDefaults.DenseBias);
        }
    }

    private LayerSpec.Elman ReadElman(Proto.Elman elman, string path)
    {
        var units = problems.Int($"{path}.units", elman.Units);
        return new LayerSpec.Elman(units, _initializers.Read(elman.Initializer, $"{path}.initializer", SpecDefaults.UniformOver(units)))
        {
            Activation = ReadActivation(elman.Activation, $"{path}.activation", Activation.Tanh),
            RecurrentInitializer = _initializers.ReadOptional(elman.RecurrentInitializer, $"{path}.recurrent_initializer"),
        };
    }

    private LayerSpec.Gru ReadGru(Proto.Gru gru, string path)
    {
        var units = problems.Int($"{path}.units", gru.Units);
        var reset = gru.Reset switch
        {
            Proto.GruReset.Unspecified or Proto.GruReset.After => GruReset.After,
            Proto.GruReset.Before => GruReset.Before,
            var other => problems.Unknown($"{path}.reset", other, "GRU_RESET_BEFORE or GRU_RESET_AFTER", GruReset.After),
        };
        return new LayerSpec.Gru(units, reset, _initializers.Read(gru.Initializer, $"{path}.initializer", SpecDefaults.UniformOver(units)))
        {
            RecurrentInitializer = _initializers.ReadOptional(gru.RecurrentInitializer, $"{path}.recurrent_initializer"),
        };
    }

    private Activation ReadActivation(Proto.Activation activation, string path, Activation otherwise) => activation switch
    {
        Proto.Activation.Unspecified => otherwise,
        Proto.Activation.Linear => Activation.Linear,
        Proto.Activation.Sigmoid => Activation.Sigmoid,
        Proto.Activation.Tanh => Activation.Tanh,
        Proto.Activation.Relu => Activation.Relu,
        var other => problems.Unknown(path, other, "ACTIVATION_LINEAR, ACTIVATION_SIGMOID, ACTIVATION_TANH or ACTIVATION_RELU", otherwise),
    };
}
