using ActorTrainer.Benchmarks.Kernels;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Networks;

/// <summary>
/// A whole training step of one thread (packing, forward, loss, backward, folding of eight lanes) against
/// the peak of the same run.
/// </summary>
internal static class StepBenchmark
{
    private const int Lanes = 8;

    private static readonly Initializer Xavier = new Initializer.Xavier();

    public static int Run()
    {
        var peak = FusedMultiplyAddPeak<V512>.Measure();
        Console.WriteLine($"{VectorWidths.Describe()}; peak {peak:F1} GFLOP/s at 512 bits");
        Console.WriteLine($"{"step",-56} {"ms",8} {"best",8} {"GFLOP/s",9} {"of peak",8} {"optimizer",10}");
        var lstm = new NetworkSpec(
            InputKind.Symbols,
            96,
            [new LayerSpec.Embedding(64, Xavier), new LayerSpec.Lstm(256, 1, Xavier)],
            LossKind.SoftmaxCrossEntropy,
            96,
            Xavier);
        Measure("embedding 64, LSTM 256, 96 outputs, T64 B64", lstm, 64, 64, peak);
        Measure("the same, half of the rows", lstm, 64, 32, peak);
        foreach (var reset in Enum.GetValues<GruReset>())
        {
            var gru = new NetworkSpec(
                InputKind.Features, 96, [new LayerSpec.Gru(256, reset, Xavier)], LossKind.SoftmaxCrossEntropy, 96, Xavier);
            Measure($"GRU 256 reset {reset}, 96 features, 96 outputs, T64 B64", gru, 64, 64, peak);
        }

        var elman = new NetworkSpec(
            InputKind.Features, 64, [new LayerSpec.Elman(128, Xavier)], LossKind.SoftmaxCrossEntropy, 10, Xavier);
        Measure("Elman 128, 64 features, 10 outputs, T50 B64", elman, 50, 64, peak);
        Measure("784 features, 500 tanh, 10 outputs, B128", Dense([]), 1, 128, peak);
        Measure("the same with dropout, keep 0.7", Dense([new LayerSpec.Dropout(0.7)]), 1, 128, peak);
        return 0;
    }

    /// <summary>The founding text's network.</summary>
    private static NetworkSpec Dense(LayerSpec[] above) => new(
        InputKind.Features,
        784,
        [new LayerSpec.Dense(500, Activation.Tanh, Xavier, 0.1), .. above],
        LossKind.SoftmaxCrossEntropy,
        10,
        Xavier);

    private static void Measure(string name, NetworkSpec spec, int time, int rows, double peak)
    {
        using var weights = new NetworkWeights(spec);
        using var engine = NetworkEngine.Create(spec, time, rows, VectorWidths.Widest);
        InitialWeights.Fill(spec, 1, weights.Values);
        var batch = new SequenceBatch(spec, time, rows);
        batch.TargetWeights.Fill(1f);
        batch.Features.Fill(0.5f);
        for (var i = 0; i < time * rows; i++)
        {
            batch.Classes[i] = i * 7 % spec.Outputs;
            if (!batch.Symbols.IsEmpty)
            {
                batch.Symbols[i] = i * 5 % spec.InputSize;
            }
        }

        batch.Identify(seed: 1, step: 0, [.. Enumerable.Range(0, rows)]);
        var lanes = Enumerable.Range(0, Lanes).Select(lane => new LaneRows(lane, lane * rows / Lanes, rows / Lanes)).ToArray();
        var state = new float[rows * weights.Layout.StateSize];
        var sums = new LossSums[Lanes];
        var gradient = new float[weights.Layout.ParameterCount];
        LaneBlock[] blocks = [new(0, Lanes)];
        Memory<float>[] gradients = [gradient];
        var optimizer = new OptimizerState(new OptimizerSpec.Adam(0.9, 0.999, 1e-8), gradient.Length);
        var step = Measurement.Of(() =>
        {
            weights.Changed();
            engine.Gradient(weights, batch, state, lanes, sums, blocks, gradients);
        });
        var move = Measurement.Of(() => optimizer.Apply(weights.Values, weights.Values, gradient, 1e-4f, 1e-5f));

        // Forward and two products backward for each weight that is multiplied; none below the first product.
        var work = 0.0;
        foreach (var tensor in weights.Layout.Tensors)
        {
            if (tensor.Role is ParameterRole.Input or ParameterRole.Recurrent)
            {
                var products = tensor is { Layer: 0, Role: ParameterRole.Input } ? 2 : 3;
                work += 2.0 * products * tensor.Length * time * rows;
            }
        }

        var rate = work / step.Median / 1e9;
        Console.WriteLine(
            $"{name,-56} {step.Median * 1e3,8:F2} {step.Best * 1e3,8:F2} {rate,9:F1} {rate / peak,8:P0} {move.Median * 1e3,7:F2} ms");
    }
}
