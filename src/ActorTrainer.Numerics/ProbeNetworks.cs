using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics;

/// <summary>The part of the <see cref="Probe"/> that runs whole networks: two steps of small ones with every layer.</summary>
internal static class ProbeNetworks
{
    private const int Time = 3;
    private const int Rows = 5;

    private static readonly Initializer Xavier = new Initializer.Xavier();

    private static readonly NetworkSpec[] Specs =
    [
        new(
            InputKind.Symbols,
            7,
            [new LayerSpec.Embedding(5, new Initializer.TruncatedNormal(0.5)), new LayerSpec.Lstm(9, 1, Xavier), new LayerSpec.Elman(6, Xavier)],
            LossKind.SoftmaxCrossEntropy,
            7,
            Xavier),
        new(
            InputKind.Symbols,
            6,
            [new LayerSpec.Lstm(4, 1, new Initializer.Uniform(-0.7, 0.7))],
            LossKind.SoftmaxCrossEntropy,
            6,
            Xavier),
        new(
            InputKind.Features,
            3,
            [
                new LayerSpec.Elman(17, Xavier),
                new LayerSpec.Dense(6, Activation.Tanh, Xavier, 0.1),
                new LayerSpec.Dense(5, Activation.Relu, Xavier, 0.1),
                new LayerSpec.Dense(4, Activation.Sigmoid, Xavier, 0),
            ],
            LossKind.BinaryCrossEntropy,
            2,
            Xavier),
        new(
            InputKind.Features,
            5,
            [
                new LayerSpec.Gru(19, GruReset.After, Xavier),
                new LayerSpec.Elman(6, Xavier) { Activation = Activation.Relu },
                new LayerSpec.Gru(34, GruReset.Before, Xavier),
            ],
            LossKind.SoftmaxCrossEntropy,
            4,
            Xavier),
        new(
            InputKind.Symbols,
            6,
            [new LayerSpec.Gru(7, GruReset.Before, Xavier), new LayerSpec.Gru(5, GruReset.After, Xavier)],
            LossKind.BinaryCrossEntropy,
            1,
            Xavier),
        new(
            InputKind.Symbols,
            6,
            [new LayerSpec.Gru(5, GruReset.After, Xavier), new LayerSpec.Elman(18, Xavier)],
            LossKind.BinaryCrossEntropy,
            1,
            Xavier),
    ];

    public static void Add(VectorWidth width, IncrementalHash hash)
    {
        foreach (var spec in Specs)
        {
            Add(spec, width, hash);
        }
    }

    private static void Add(NetworkSpec spec, VectorWidth width, IncrementalHash hash)
    {
        using var weights = new NetworkWeights(spec);
        using var engine = NetworkEngine.Create(spec, Time, Rows, width);
        InitialWeights.Fill(spec, 20261124, weights.Values);
        var batch = new SequenceBatch(spec, Time, Rows);
        Fill(batch, spec);
        var parameters = weights.Layout.ParameterCount;
        var state = new float[Rows * weights.Layout.StateSize];
        var gradient = new float[parameters];
        LaneRows[] lanes = [new(0, 0, 2), new(2, 2, 1), new(3, 3, 2)];
        var sums = new LossSums[lanes.Length];
        OptimizerState[] optimizers =
        [
            new(new OptimizerSpec.Adam(0.9, 0.999, 1e-8), parameters, width),
            new(new OptimizerSpec.Sgd(), parameters, width),
        ];
        foreach (var optimizer in optimizers)
        {
            engine.Gradient(weights, batch, state, lanes, sums, [new LaneBlock(0, 4)], [gradient]);
            optimizer.Apply(weights.Values, weights.Values, gradient, 0.125f, 0.01f);
            weights.Changed();
            Add(hash, sums);
            hash.AppendData(MemoryMarshal.AsBytes<float>(state));
            hash.AppendData(MemoryMarshal.AsBytes<float>(gradient));
            hash.AppendData(MemoryMarshal.AsBytes(weights.Values));
        }
    }

    /// <summary>The sums as they were before targets were counted beside weights.</summary>
    public static void Add(IncrementalHash hash, ReadOnlySpan<LossSums> sums)
    {
        foreach (var sum in sums)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>([sum.Loss, sum.Weight, sum.Correct, sum.Sequences, sum.ExactSequences]));
        }
    }

    private static void Fill(SequenceBatch batch, NetworkSpec spec)
    {
        for (var i = 0; i < batch.Symbols.Length; i++)
        {
            batch.Symbols[i] = i * 5 % spec.InputSize;
        }

        for (var i = 0; i < batch.Features.Length; i++)
        {
            batch.Features[i] = (i * 7 % 11 * 0.25f) - 1f;
        }

        for (var i = 0; i < batch.Classes.Length; i++)
        {
            batch.Classes[i] = i * 3 % spec.Outputs;
        }

        for (var i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = i % 3 == 0 ? 1f : 0f;
        }

        for (var i = 0; i < batch.TargetWeights.Length; i++)
        {
            batch.TargetWeights[i] = i == 4 ? 0f : 1f;
        }
    }
}
