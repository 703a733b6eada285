using System.Security.Cryptography;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics;

/// <summary>Two steps of tiny networks: every layer, input, loss, initializer and optimizer, and the schedules.</summary>
public static partial class Probe
{
    private static readonly OptimizerSpec.Adam ProbeAdam = new(0.9, 0.999, 1e-8);

    private static void AddNetworks(VectorWidth width, IncrementalHash hash)
    {
        var normal = new Initializer.TruncatedNormal(0.4);
        var xavier = new Initializer.Xavier();
        var uniform = new Initializer.Uniform(-0.5, 0.5);
        var stack = new NetworkSpec(
            InputKind.Symbols,
            7,
            [
                new LayerSpec.Embedding(5, normal),
                new LayerSpec.Lstm(19, 1.0, xavier),
                new LayerSpec.Dense(9, Activation.Relu, uniform, 0.1),
                new LayerSpec.Elman(6, xavier),
            ],
            LossKind.SoftmaxCrossEntropy,
            21,
            normal);
        var features = new NetworkSpec(
            InputKind.Features,
            3,
            [
                new LayerSpec.Dense(4, Activation.Sigmoid, xavier, 0),
                new LayerSpec.Dense(18, Activation.Tanh, xavier, 0),
                new LayerSpec.Dense(3, Activation.Linear, new Initializer.Constant(0.2), 0),
            ],
            LossKind.BinaryCrossEntropy,
            2,
            uniform);
        AddSteps(stack, ProbeAdam, width, hash);
        AddSteps(features, new OptimizerSpec.Sgd(), width, hash);
        AddSteps(stack with { Layers = [new LayerSpec.Lstm(5, 0, xavier)] }, ProbeAdam, width, hash);

        var cosine = new LearningRateSchedule(4e-3, LearningRateShape.Cosine, WarmupSteps: 3, Final: 1e-5, Steps: 11);
        for (var step = 0; step < 12; step++)
        {
            hash.AppendData(BitConverter.GetBytes(cosine.At(step)));
        }
    }

    private static void AddSteps(NetworkSpec spec, OptimizerSpec optimizer, VectorWidth width, IncrementalHash hash)
    {
        const int Time = 3;
        const int Rows = 5;
        LaneRows[] lanes = [new(0, 0, 2), new(2, 2, 2), new(3, 4, 1)];
        using var weights = new NetworkWeights(spec);
        using var engine = NetworkEngine.Create(spec, Time, Rows, width);
        InitialWeights.Fill(spec, 20260101, weights.Values);
        var batch = new SequenceBatch(spec, Time, Rows);
        Floats(31, batch.Features.Length, 2f).CopyTo(batch.Features);
        for (var i = 0; i < Time * Rows; i++)
        {
            batch.TargetWeights[i] = i % 4 == 1 ? 0f : 1f;
        }

        for (var i = 0; i < batch.Symbols.Length; i++)
        {
            batch.Symbols[i] = i * 5 % spec.InputSize;
        }

        for (var i = 0; i < batch.Classes.Length; i++)
        {
            batch.Classes[i] = i * 3 % spec.Outputs;
        }

        for (var i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = i / 3 % 2;
        }

        var state = Floats(32, Rows * weights.Layout.StateSize, 0.8f);
        var sums = new LossSums[lanes.Length];
        var gradient = new float[weights.Layout.ParameterCount];
        var moved = new OptimizerState(optimizer, gradient.Length, width);
        for (var step = 0; step < 2; step++)
        {
            engine.Gradient(weights, batch, state, lanes, sums, [new LaneBlock(0, 4)], [gradient]);
            Add(hash, gradient);
            Add(hash, engine.Outputs);
            Add(hash, state);
            ProbeNetworks.Add(hash, sums);
            moved.Apply(weights.Values, weights.Values, gradient, factor: 0.1f, learningRate: 0.05f);
            weights.Changed();
            Add(hash, weights.Values);
        }
    }
}
