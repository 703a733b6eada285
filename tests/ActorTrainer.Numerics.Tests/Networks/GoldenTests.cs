using System.Text.Json;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>
/// A first step, ten and fifty steps against PyTorch in float64. The numbers were made by Golden/make_golden.py.
/// </summary>
public sealed class GoldenTests
{
    private static readonly LaneRows[] Lanes = Sample.Lanes(1, 2);

    public static TheoryData<string> Files => ["elman", "elman_relu", "lstm", "lstm2", "gru_after", "gru_after2", "gru_before"];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_first_loss_and_gradient_are_those_of_pytorch(string file)
    {
        var golden = Golden.Read(file);
        var (sums, gradient) = golden.Step(golden.Start());

        Assert.Equal(golden.FirstLoss, sums.Loss / sums.Weight, 1e-5 * golden.FirstLoss);
        AssertClose(golden.FirstGradient, [.. gradient.Select(g => g / sums.Weight)], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Ten_steps_of_adam_end_where_those_of_pytorch_do(string file)
    {
        var golden = Golden.Read(file);

        AssertClose(golden.AfterAdam, golden.TrainByAdam(golden.Steps), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Ten_steps_of_sgd_end_where_those_of_pytorch_do(string file)
    {
        var golden = Golden.Read(file);

        AssertClose(golden.AfterSgd, golden.TrainBySgd(golden.Steps), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Fifty_steps_end_where_those_of_pytorch_do(string file)
    {
        var golden = Golden.Read(file);

        AssertClose(golden.AfterManyAdam, golden.TrainByAdam(golden.ManySteps), 1e-3);
        AssertClose(golden.AfterManySgd, golden.TrainBySgd(golden.ManySteps), 1e-3);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], (tolerance * Math.Abs(expected[i])) + (tolerance / 100));
        }
    }

    private sealed record Golden(
        string Kind,
        int Layers,
        int Embedding,
        int Units,
        int Outputs,
        string Loss,
        int SymbolCount,
        int Time,
        int Rows,
        int Steps,
        double Clip,
        double[] Adam,
        double Sgd,
        int[] Symbols,
        int[] Targets,
        float[] Weights,
        float[] Initial,
        double FirstLoss,
        double[] FirstGradient,
        double[] AfterAdam,
        double[] AfterSgd,
        int ManySteps,
        double[] AfterManyAdam,
        double[] AfterManySgd)
    {
        private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

        public static Golden Read(string file) => JsonSerializer.Deserialize<Golden>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", file + ".json")), Options)!;

        public NetworkWeights Start()
        {
            var layers = new List<LayerSpec>();
            if (Embedding > 0)
            {
                layers.Add(new LayerSpec.Embedding(Embedding, Sample.Any));
            }

            layers.AddRange(Enumerable.Repeat(Layer(), Layers));
            var loss = Loss == "softmax" ? LossKind.SoftmaxCrossEntropy : LossKind.BinaryCrossEntropy;
            var weights = new NetworkWeights(new NetworkSpec(InputKind.Symbols, SymbolCount, [.. layers], loss, Outputs, Sample.Any));
            Initial.CopyTo(weights.Values);
            weights.Changed();
            return weights;
        }

        public (LossSums Sums, float[] Gradient) Step(NetworkWeights weights)
        {
            var batch = new SequenceBatch(weights.Spec, Time, Rows);
            Symbols.CopyTo(batch.Symbols);
            Weights.CopyTo(batch.TargetWeights);
            for (var i = 0; i < Targets.Length; i++)
            {
                if (batch.Classes.IsEmpty)
                {
                    batch.Targets[i] = Targets[i];
                }
                else
                {
                    batch.Classes[i] = Targets[i];
                }
            }

            using var engine = NetworkEngine.Create(weights.Spec, Time, Rows, VectorWidths.Widest);
            var sums = new LossSums[Lanes.Length];
            var gradient = new float[weights.Layout.ParameterCount];
            engine.Gradient(weights, batch, new float[Rows * weights.Layout.StateSize], Lanes, sums, [new LaneBlock(0, 2)], [gradient]);
            return (sums[0] + sums[1], gradient);
        }

        public double[] TrainByAdam(int steps) => Train(new OptimizerSpec.Adam(Adam[1], Adam[2], Adam[3]), Adam[0], steps);

        public double[] TrainBySgd(int steps) => Train(new OptimizerSpec.Sgd(), Sgd, steps);

        private LayerSpec Layer() => Kind switch
        {
            "lstm" => new LayerSpec.Lstm(Units, 0, Sample.Any),
            "elman_relu" => new LayerSpec.Elman(Units, Sample.Any) { Activation = Activation.Relu },
            "gru_after" => new LayerSpec.Gru(Units, GruReset.After, Sample.Any),
            "gru_before" => new LayerSpec.Gru(Units, GruReset.Before, Sample.Any),
            _ => new LayerSpec.Elman(Units, Sample.Any),
        };

        private double[] Train(OptimizerSpec optimizer, double learningRate, int steps)
        {
            using var weights = Start();
            var state = new OptimizerState(optimizer, weights.Layout.ParameterCount);
            for (var step = 0; step < steps; step++)
            {
                // B5 and B6: the norm of the mean, then one factor for every root element.
                var (sums, gradient) = Step(weights);
                var norm = Math.Sqrt(gradient.Sum(g => (double)g * g)) / sums.Weight;
                var factor = (float)(Math.Min(1, Clip / (norm + 1e-6)) / sums.Weight);
                state.Apply(weights.Values, weights.Values, gradient, factor, (float)learningRate);
                weights.Changed();
            }

            return [.. weights.Values.ToArray().Select(value => (double)value)];
        }
    }
}
