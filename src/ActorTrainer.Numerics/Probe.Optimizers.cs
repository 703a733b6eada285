using System.Security.Cryptography;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;

namespace ActorTrainer.Numerics;

/// <summary>Three steps of every optimizer, clipped and not; the step schedule; orthogonal matrices.</summary>
public static partial class Probe
{
    private static readonly OptimizerSpec[] ProbeOptimizers =
    [
        new OptimizerSpec.Sgd(),
        new OptimizerSpec.Momentum(0.9),
        new OptimizerSpec.Nesterov(0.9),
        new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
        new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01),
        new OptimizerSpec.RmsProp(0.99, 1e-8),
        new OptimizerSpec.Adagrad(1e-10),
    ];

    private static void AddOptimizers(VectorWidth width, IncrementalHash hash)
    {
        const int Length = 53;
        foreach (var spec in ProbeOptimizers)
        {
            var (state, weights) = (new OptimizerState(spec, Length, width), Floats(41, Length, 1f));
            for (var step = 0u; step < 3; step++)
            {
                state.Apply(weights, weights, Floats(42 + step, Length, 3f), 0.25f, 0.01f, step == 1 ? 0.2f : null);
                Add(hash, weights);
            }

            var stored = new byte[state.StoredBytes];
            state.Save(stored);
            hash.AppendData(stored);
        }

        var drops = new LearningRateSchedule(0.1, LearningRateShape.Step, WarmupSteps: 2, Final: 0, Steps: 40) { StepEvery = 3, StepFactor = 0.7 };
        for (var step = 0; step < 40; step += 3)
        {
            hash.AppendData(BitConverter.GetBytes(drops.At(step)));
        }
    }

    private static void AddOrthogonal(IncrementalHash hash)
    {
        var spec = new NetworkSpec(
            InputKind.Symbols,
            5,
            [new LayerSpec.Lstm(19, 1, new Initializer.Identity(0.5)) { RecurrentInitializer = new Initializer.Orthogonal(1) }],
            LossKind.SoftmaxCrossEntropy,
            7,
            new Initializer.Orthogonal(1.4));
        var weights = new float[new ModelLayout(spec).ParameterCount];
        InitialWeights.Fill(spec, 20261124, weights);
        Add(hash, weights);
    }
}
