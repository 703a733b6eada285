using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>Every piece and every stack against central differences of an independent forward pass in double.</summary>
public sealed class BackwardTests
{
    [Fact]
    public void Agrees_with_central_differences_for_every_layer_input_and_loss()
    {
        const double Step = 1e-5;
        var index = 0;
        foreach (var spec in Sample.Specs(units: 3).Concat(Sample.Heads(units: 3)).Concat(Sample.Heads(units: 4)))
        {
            var sample = new Sample(spec, time: 3, rows: 2, seed: ++index, padded: index % 2 == 0);
            var state = sample.State;
            var result = sample.Run(VectorWidths.Widest, Sample.Lanes(1, 1), new LaneBlock(0, 2));
            var weights = sample.Weights.Values.ToArray().Select(value => (double)value).ToArray();

            Assert.Equal(ReferenceNetwork.Loss(sample, weights, state), result.Sums[0].Loss + result.Sums[1].Loss, 1e-4);
            for (var i = 0; i < weights.Length; i++)
            {
                var weight = weights[i];
                weights[i] = weight + Step;
                var above = ReferenceNetwork.Loss(sample, weights, state);
                weights[i] = weight - Step;
                var below = ReferenceNetwork.Loss(sample, weights, state);
                weights[i] = weight;
                var expected = (above - below) / (2 * Step);
                var actual = result.Gradients[0][i];
                if (!(Math.Abs(actual - expected) <= 1e-5 + (1e-4 * Math.Abs(expected))))
                {
                    Assert.Fail($"{spec}: parameter {i} has gradient {actual}; differences give {expected}");
                }
            }
        }
    }
}
