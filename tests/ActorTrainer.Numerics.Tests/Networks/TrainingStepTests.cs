using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class TrainingStepTests
{
    public static TheoryData<OptimizerSpec> Optimizers =>
    [
        new OptimizerSpec.Sgd(),
        new OptimizerSpec.Momentum(0.9),
        new OptimizerSpec.Nesterov(0.9),
        new OptimizerSpec.Adam(0.9, 0.999, 1e-8),
        new OptimizerSpec.AdamW(0.9, 0.999, 1e-8, 0.01),
        new OptimizerSpec.RmsProp(0.9, 1e-8),
        new OptimizerSpec.Adagrad(1e-8),
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_steady_step_allocates_nothing(OptimizerSpec optimizer)
    {
        foreach (var spec in Sample.Specs(units: 20).Concat(Sample.Heads(units: 20)))
        {
            var sample = new Sample(spec, time: 3, rows: 8, padded: true);
            using var engine = sample.Engine(VectorWidths.Widest);
            var lanes = Sample.Lanes(2, 2, 2, 2);
            var state = new float[8 * sample.Layout.StateSize];
            var sums = new LossSums[4];
            LaneBlock[] blocks = [new(0, 4)];
            Memory<float>[] gradients = [new float[sample.Layout.ParameterCount]];
            var squares = new double[NormBlocks.Count(sample.Layout.ParameterCount)];
            int[] rows = [.. Enumerable.Range(0, 8)];
            var moved = new OptimizerState(optimizer, sample.Layout.ParameterCount);
            var fewest = long.MaxValue;
            for (var step = 0; step < 6 && fewest > 0; step++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                sample.Batch.Identify(seed: 1, step, rows);
                sample.Weights.Changed();
                engine.Gradient(sample.Weights, sample.Batch, state, lanes, sums, blocks, gradients);
                var gradient = gradients[0].Span;
                NormBlocks.Squares(gradient, squares);
                var total = LaneTree.Fold(sums);
                var norm = Math.Sqrt(NormBlocks.Total(squares)) / total.Weight;
                var scale = Math.Min(1, 5 / (norm + 1e-6));
                moved.Apply(sample.Weights.Values, sample.Weights.Values, gradient, (float)(scale / total.Weight), 1e-3f);
                fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            // The fewest, for the reasons that NetworkEngineTests gives.
            Assert.True(fewest == 0, $"{fewest} bytes in every step of {spec}");
        }
    }
}
