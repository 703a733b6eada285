using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes a run with every value spelled out.</summary>
internal static class RecipeWriter
{
    public static Proto.Recipe Write(Recipe recipe) => new()
    {
        Data = WriteData(recipe.Data),
        Model = new Proto.Model
        {
            Layers = { recipe.Model.Layers.Select(WriteLayer) },
            Output = new Proto.Output
            {
                Loss = recipe.Model.Loss switch
                {
                    LossKind.SoftmaxCrossEntropy => Proto.Loss.SoftmaxCrossEntropy,
                    LossKind.BinaryCrossEntropy => Proto.Loss.BinaryCrossEntropy,
                    var other => throw NotInTheApi(other),
                },
                Initializer = WriteInitializer(recipe.Model.OutputInitializer),
            },
        },
        Training = WriteTraining(recipe.Training),
        Lanes = (uint)recipe.Lanes,
        Seed = recipe.Seed,
    };

    private static Proto.Data WriteData(DataRecipe data) => data switch
    {
        DataRecipe.Text text => new Proto.Data
        {
            Text = new Proto.TextData
            {
                Sha256 = text.Sha256,
                SequenceLength = (uint)text.SequenceLength,
                ValidationFraction = text.ValidationFraction,
            },
        },
        DataRecipe.BinaryAddition addition => new Proto.Data
        {
            BinaryAddition = new Proto.BinaryAdditionData
            {
                Bits = (uint)addition.Bits,
                ValidationBits = (uint)addition.ValidationBits,
                ValidationSamples = (uint)addition.ValidationSamples,
            },
        },
        _ => throw NotInTheApi(data),
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
            },
        },
        LayerSpec.Elman elman => new Proto.Layer
        {
            Elman = new Proto.Elman { Units = (uint)elman.Units, Initializer = WriteInitializer(elman.Initializer) },
        },
        LayerSpec.Dense dense => new Proto.Layer
        {
            Dense = new Proto.Dense
            {
                Units = (uint)dense.Units,
                Activation = dense.Activation switch
                {
                    Activation.Linear => Proto.Activation.Linear,
                    Activation.Sigmoid => Proto.Activation.Sigmoid,
                    Activation.Tanh => Proto.Activation.Tanh,
                    Activation.Relu => Proto.Activation.Relu,
                    var other => throw NotInTheApi(other),
                },
                Initializer = WriteInitializer(dense.Initializer),
                Bias = dense.Bias,
            },
        },
        _ => throw NotInTheApi(layer),
    };

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
        _ => throw NotInTheApi(initializer),
    };

    private static Proto.Training WriteTraining(TrainingRecipe training)
    {
        var written = new Proto.Training
        {
            Steps = (ulong)training.Steps,
            BatchSize = (uint)training.BatchSize,
            Optimizer = training.Optimizer switch
            {
                OptimizerRecipe.Sgd => new Proto.Optimizer { Sgd = new Proto.Sgd() },
                OptimizerRecipe.Adam adam => new Proto.Optimizer
                {
                    Adam = new Proto.Adam { Beta1 = adam.Beta1, Beta2 = adam.Beta2, Epsilon = adam.Epsilon },
                },
                _ => throw NotInTheApi(training.Optimizer),
            },
            LearningRate = new Proto.LearningRate
            {
                Value = training.LearningRate.Value,
                Schedule = training.LearningRate.Schedule switch
                {
                    Schedule.Constant => Proto.Schedule.Constant,
                    Schedule.Cosine => Proto.Schedule.Cosine,
                    var other => throw NotInTheApi(other),
                },
                WarmupSteps = (ulong)training.LearningRate.WarmupSteps,
                Final = training.LearningRate.Final,
            },
            Validation = new Proto.Validation
            {
                Interval = (ulong)training.Validation.Interval,
                Batches = (ulong)training.Validation.Batches,
            },
        };
        if (training.ClipNorm is { } clip)
        {
            written.ClipNorm = clip;
        }

        return written;
    }

    private static InvalidOperationException NotInTheApi(object value) =>
        new($"{value} has no place in recipe.proto yet; it must be given one together with its record");
}
