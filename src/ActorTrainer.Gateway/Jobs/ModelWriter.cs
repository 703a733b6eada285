using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using static ActorTrainer.Gateway.Jobs.RecipeWriter;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes a network.</summary>
internal static class ModelWriter
{
    public static Proto.Model Write(Recipe recipe) => new()
    {
        Layers = { recipe.Model.Layers.Select(WriteLayer) },
        Output = new Proto.Output
        {
            Loss = recipe.Model.Loss switch
            {
                LossKind.SoftmaxCrossEntropy => Proto.Loss.SoftmaxCrossEntropy,
                LossKind.BinaryCrossEntropy => Proto.Loss.BinaryCrossEntropy,
                LossKind.MeanSquaredError => Proto.Loss.MeanSquaredError,
                var other => throw NotInTheApi(other),
            },
            Initializer = WriteInitializer(recipe.Model.OutputInitializer),
            At = RecipeNetwork.HeadOf(recipe) switch
            {
                Head.EveryStep => Proto.OutputAt.EveryStep,
                Head.LastStep => Proto.OutputAt.LastStep,
                var other => throw NotInTheApi(other),
            },
            Bias = recipe.Model.OutputBias,
            ClassWeights = { recipe.Model.ClassWeights },
        },
    };

    private static Proto.Layer WriteLayer(LayerSpec layer) => layer switch
    {
        LayerSpec.Embedding embedding => new Proto.Layer
        {
            Embedding = new Proto.Embedding
            {
                Dimension = (uint)embedding.Dimension,
                Initializer = WriteInitializer(embedding.Initializer),
            },
        },
        LayerSpec.Lstm lstm => new Proto.Layer
        {
            Lstm = new Proto.Lstm
            {
                Units = (uint)lstm.Units,
                ForgetBias = lstm.ForgetBias,
                Initializer = WriteInitializer(lstm.Initializer),
                RecurrentInitializer = WriteRecurrent(lstm.RecurrentInitializer),
            },
        },
        LayerSpec.Elman elman => new Proto.Layer
        {
            Elman = new Proto.Elman
            {
                Units = (uint)elman.Units,
                Activation = WriteActivation(elman.Activation),
                Initializer = WriteInitializer(elman.Initializer),
                RecurrentInitializer = WriteRecurrent(elman.RecurrentInitializer),
            },
        },
        LayerSpec.Gru gru => new Proto.Layer
        {
            Gru = new Proto.Gru
            {
                Units = (uint)gru.Units,
                Reset = gru.Reset switch
                {
                    GruReset.Before => Proto.GruReset.Before,
                    GruReset.After => Proto.GruReset.After,
                    var other => throw NotInTheApi(other),
                },
                Initializer = WriteInitializer(gru.Initializer),
                RecurrentInitializer = WriteRecurrent(gru.RecurrentInitializer),
            },
        },
        LayerSpec.Dense dense => new Proto.Layer
        {
            Dense = new Proto.Dense
            {
                Units = (uint)dense.Units,
                Activation = WriteActivation(dense.Activation),
                Initializer = WriteInitializer(dense.Initializer),
                Bias = dense.Bias,
            },
        },
        LayerSpec.Dropout dropout => new Proto.Layer { Dropout = new Proto.Dropout { Keep = dropout.Keep } },
        _ => throw NotInTheApi(layer),
    };

    private static Proto.Activation WriteActivation(Activation activation) => activation switch
    {
        Activation.Linear => Proto.Activation.Linear,
        Activation.Sigmoid => Proto.Activation.Sigmoid,
        Activation.Tanh => Proto.Activation.Tanh,
        Activation.Relu => Proto.Activation.Relu,
        _ => throw NotInTheApi(activation),
    };

    private static Proto.Initializer? WriteRecurrent(Initializer? initializer) =>
        initializer is null ? null : WriteInitializer(initializer);

    private static Proto.Initializer WriteInitializer(Initializer initializer) => initializer switch
    {
        Initializer.TruncatedNormal normal => new Proto.Initializer
        {
            TruncatedNormal = new Proto.TruncatedNormal { StandardDeviation = normal.StandardDeviation },
        },
        Initializer.Uniform uniform => new Proto.Initializer
        {
            Uniform = new Proto.Uniform { Low = uniform.Low, High = uniform.High },
        },
        Initializer.Xavier => new Proto.Initializer { Xavier = new Proto.Xavier() },
        Initializer.Constant constant => new Proto.Initializer { Constant = new Proto.Constant { Value = constant.Value } },
        Initializer.Orthogonal orthogonal => new Proto.Initializer { Orthogonal = new Proto.Orthogonal { Gain = orthogonal.Gain } },
        Initializer.Identity identity => new Proto.Initializer { Identity = new Proto.Identity { Scale = identity.Scale } },
        _ => throw NotInTheApi(initializer),
    };
}
