using System.Text.Json;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>
/// Heads, losses, padding, class weights and dropout against PyTorch in float64: a first step, ten and fifty. The
/// numbers were made by Golden/make_heads_golden.py.
/// </summary>
public sealed class HeadGoldenTests
{
    public static TheoryData<string> Files => ["last_step", "squares", "dropout"];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_first_loss_and_gradient_are_those_of_pytorch(string file)
    {
        var golden = Golden.Read(file);
        using var weights = golden.Start(file);
        var (sums, gradient) = golden.Step(weights, 0);

        Assert.Equal(golden.FirstLoss, sums.Loss / sums.Weight, 1e-5 * golden.FirstLoss);
        AssertClose(golden.FirstGradient, [.. gradient.Select(g => g / sums.Weight)], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Ten_and_fifty_steps_end_where_those_of_pytorch_do(string file)
    {
        var golden = Golden.Read(file);

        AssertClose(golden.AfterAdam, golden.Train(file, golden.Steps), 1e-4);
        AssertClose(golden.AfterManyAdam, golden.Train(file, golden.ManySteps), 1e-3);
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
        int Time,
        int Rows,
        int Inputs,
        int[] Lengths,
        float[] Features,
        double[] ClassWeights,
        int[] Classes,
        float[] Targets,
        uint Seed,
        int FirstStep,
        int FirstRow,
        double[] Adam,
        int Steps,
        int ManySteps,
        float[] Initial,
        double FirstLoss,
        double[] FirstGradient,
        double[] AfterAdam,
        double[] AfterManyAdam)
    {
        private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

        public static Golden Read(string file) => JsonSerializer.Deserialize<Golden>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"heads_{file}.json")), Options)!;

        public NetworkWeights Start(string file)
        {
            var lstm = new LayerSpec.Lstm(5, 0, Sample.Any);
            var spec = file switch
            {
                "last_step" => Spec([lstm, Dense(6)], LossKind.SoftmaxCrossEntropy, 4) with
                {
                    Head = Head.LastStep,
                    ClassWeights = [.. ClassWeights],
                },
                "squares" => Spec([lstm], LossKind.MeanSquaredError, 3),
                _ => Spec([Dense(19), new LayerSpec.Dropout(0.7)], LossKind.SoftmaxCrossEntropy, 4),
            };
            var weights = new NetworkWeights(spec);
            Initial.CopyTo(weights.Values);
            weights.Changed();
            return weights;
        }

        public (LossSums Sums, float[] Gradient) Step(NetworkWeights weights, int step)
        {
            var batch = new SequenceBatch(weights.Spec, Time, Rows);
            Features.CopyTo(batch.Features);
            Lengths.CopyTo(batch.Lengths);
            Classes.CopyTo(batch.Classes);
            Targets.CopyTo(batch.Targets);
            batch.TargetWeights.Fill(1f);
            batch.Identify(Seed, FirstStep + step, [.. Enumerable.Range(FirstRow, Rows)]);
            using var engine = NetworkEngine.Create(weights.Spec, Time, Rows, VectorWidths.Widest);
            var sums = new LossSums[2];
            var gradient = new float[weights.Layout.ParameterCount];
            engine.Gradient(
                weights,
                batch,
                new float[Rows * weights.Layout.StateSize],
                Sample.Lanes(1, Rows - 1),
                sums,
                [new LaneBlock(0, 2)],
                [gradient]);
            return (sums[0] + sums[1], gradient);
        }

        public double[] Train(string file, int steps)
        {
            using var weights = Start(file);
            var optimizer = new OptimizerState(new OptimizerSpec.Adam(Adam[1], Adam[2], Adam[3]), weights.Layout.ParameterCount);
            for (var step = 0; step < steps; step++)
            {
                var (sums, gradient) = Step(weights, step);
                optimizer.Apply(weights.Values, weights.Values, gradient, (float)(1 / sums.Weight), (float)Adam[0]);
                weights.Changed();
            }

            return [.. weights.Values.ToArray().Select(value => (double)value)];
        }

        private static LayerSpec Dense(int units) => new LayerSpec.Dense(units, Activation.Tanh, Sample.Any, 0);

        private NetworkSpec Spec(LayerSpec[] layers, LossKind loss, int outputs) =>
            new(InputKind.Features, Inputs, [.. layers], loss, outputs, Sample.Any);
    }
}
