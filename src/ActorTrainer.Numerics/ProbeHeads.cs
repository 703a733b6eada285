using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics;

/// <summary>The part of the <see cref="Probe"/> with rows that end early, both heads, dropout, squares and class weights.</summary>
internal static class ProbeHeads
{
    private const int Time = 4;
    private const int Rows = 5;

    private static readonly Initializer Xavier = new Initializer.Xavier();

    private static readonly NetworkSpec[] Specs =
    [
        new(
            InputKind.Features,
            6,
            [
                new LayerSpec.Dropout(0.6),
                new LayerSpec.Lstm(19, 1, Xavier),
                new LayerSpec.Dropout(0.7),
                new LayerSpec.Dense(35, Activation.Tanh, Xavier, 0.1),
                new LayerSpec.Dropout(0.5),
            ],
            LossKind.SoftmaxCrossEntropy,
            4,
            Xavier)
        {
            Head = Head.LastStep,
            ClassWeights = [0.3, 1, 2.5, 0.7],
        },
        new(
            InputKind.Features,
            3,
            [
                new LayerSpec.Gru(17, GruReset.Before, Xavier),
                new LayerSpec.Elman(6, Xavier),
                new LayerSpec.Gru(5, GruReset.After, Xavier),
                new LayerSpec.Dropout(0.9),
            ],
            LossKind.MeanSquaredError,
            19,
            Xavier),
        new(
            InputKind.Symbols,
            7,
            [new LayerSpec.Embedding(18, Xavier), new LayerSpec.Dropout(0.7)],
            LossKind.MeanSquaredError,
            3,
            Xavier)
        {
            Head = Head.LastStep,
        },
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
        InitialWeights.Fill(spec, 20261125, weights.Values);
        var batch = new SequenceBatch(spec, Time, Rows);
        Fill(batch);
        batch.Identify(20261124, (1L << 32) + 3, [0, 1, 5, 6, 4000000]);
        var gradient = new float[weights.Layout.ParameterCount];
        var sums = new LossSums[3];
        engine.Gradient(
            weights,
            batch,
            new float[Rows * weights.Layout.StateSize],
            [new(0, 0, 2), new(2, 2, 1), new(3, 3, 2)],
            sums,
            [new LaneBlock(0, 4)],
            [gradient]);
        ProbeNetworks.Add(hash, sums);
        foreach (var sum in sums)
        {
            hash.AppendData(BitConverter.GetBytes(sum.Targets));
        }

        hash.AppendData(MemoryMarshal.AsBytes(engine.Outputs));
        hash.AppendData(MemoryMarshal.AsBytes<float>(gradient));
    }

    private static void Fill(SequenceBatch batch)
    {
        var spec = batch.Spec;
        ((ReadOnlySpan<int>)[4, 1, 3, 2, 4]).CopyTo(batch.Lengths);
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
            batch.Targets[i] = (i * 5 % 13 * 0.125f) - 0.7f;
        }

        for (var i = 0; i < batch.TargetWeights.Length; i++)
        {
            var isPadding = i / Rows >= batch.Lengths[i % Rows];
            batch.TargetWeights[i] = isPadding ? 0f : i % 3 == 0 ? 0.3f : 1f;
        }
    }
}
