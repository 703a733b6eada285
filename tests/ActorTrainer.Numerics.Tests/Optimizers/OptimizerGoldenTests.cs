using System.Text.Json;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Tests.Networks;

namespace ActorTrainer.Numerics.Tests.Optimizers;

/// <summary>
/// 1, 10 and 50 steps of every optimizer, of both clippings and of the step schedule against torch.optim in
/// float64. The numbers were made by Golden/make_optimizers.py.
/// </summary>
public sealed class OptimizerGoldenTests
{
    private static readonly double[] Tolerances = [1e-5, 1e-4, 1e-3];

    private static readonly LaneRows[] Lanes = Sample.Lanes(1, 2);

    private static readonly Golden Numbers = Golden.Read();

    public static TheoryData<string> Cases => [.. Numbers.Cases.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_ten_and_fifty_steps_end_where_those_of_pytorch_do(string name)
    {
        var expected = Numbers.Cases.Single(each => each.Name == name);
        using var weights = Numbers.Start();
        var state = new OptimizerState(expected.Optimizer(), weights.Layout.ParameterCount);
        var rate = expected.Schedule(Numbers.Steps[^1]);
        for (var step = 0; step < Numbers.Steps[^1]; step++)
        {
            // B5 and B6: a mean's norm, then one factor for every root element; or a limit for each.
            var (sums, gradient) = Numbers.Step(weights);
            var norm = Math.Sqrt(gradient.Sum(g => (double)g * g)) / sums.Weight;
            var scale = expected.ClipNorm is { } clip ? Math.Min(1, clip / (norm + 1e-6)) : 1;
            state.Apply(
                weights.Values, weights.Values, gradient, (float)(scale / sums.Weight), (float)rate.At(step), (float?)expected.ClipValue);
            weights.Changed();
            if (Array.IndexOf(Numbers.Steps, step + 1) is >= 0 and var reached)
            {
                AssertClose(expected.After[reached], weights.Values, Tolerances[reached], $"{name}, step {step + 1}");
            }
        }
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = (tolerance * Math.Abs(expected[i])) + (tolerance / 100);
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}: weight {i} is {actual[i]} and should be {expected[i]}");
        }
    }

    private sealed record Case(
        string Name,
        string Kind,
        double[] Constants,
        double Rate,
        double? ClipValue,
        double? ClipNorm,
        long? StepEvery,
        double? StepFactor,
        double[][] After)
    {
        public OptimizerSpec Optimizer() => Kind switch
        {
            "momentum" => new OptimizerSpec.Momentum(Constants[0]),
            "nesterov" => new OptimizerSpec.Nesterov(Constants[0]),
            "adam_w" => new OptimizerSpec.AdamW(Constants[0], Constants[1], Constants[2], Constants[3]),
            "rms_prop" => new OptimizerSpec.RmsProp(Constants[0], Constants[1]),
            "adagrad" => new OptimizerSpec.Adagrad(Constants[0]),
            _ => throw new InvalidOperationException(Kind),
        };

        public LearningRateSchedule Schedule(long steps) => StepEvery is null
            ? new(Rate, LearningRateShape.Constant, 0, 0, steps)
            : new(Rate, LearningRateShape.Step, 0, 0, steps) { StepEvery = StepEvery.Value, StepFactor = StepFactor!.Value };
    }

    private sealed record Golden(
        int SymbolCount,
        int Embedding,
        int Units,
        int Time,
        int Rows,
        int[] Steps,
        int[] Symbols,
        int[] Targets,
        float[] Weights,
        float[] Initial,
        Case[] Cases)
    {
        private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

        public static Golden Read() => JsonSerializer.Deserialize<Golden>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "optimizers.json")), Options)!;

        public NetworkWeights Start()
        {
            var weights = new NetworkWeights(new NetworkSpec(
                InputKind.Symbols,
                SymbolCount,
                [new LayerSpec.Embedding(Embedding, Sample.Any), new LayerSpec.Lstm(Units, 0, Sample.Any)],
                LossKind.SoftmaxCrossEntropy,
                SymbolCount,
                Sample.Any));
            Initial.CopyTo(weights.Values);
            weights.Changed();
            return weights;
        }

        public (LossSums Sums, float[] Gradient) Step(NetworkWeights weights)
        {
            var batch = new SequenceBatch(weights.Spec, Time, Rows);
            Symbols.CopyTo(batch.Symbols);
            Targets.CopyTo(batch.Classes);
            Weights.CopyTo(batch.TargetWeights);
            using var engine = NetworkEngine.Create(weights.Spec, Time, Rows, VectorWidths.Widest);
            var sums = new LossSums[Lanes.Length];
            var gradient = new float[weights.Layout.ParameterCount];
            engine.Gradient(weights, batch, new float[Rows * weights.Layout.StateSize], Lanes, sums, [new LaneBlock(0, 2)], [gradient]);
            return (sums[0] + sums[1], gradient);
        }
    }
}
