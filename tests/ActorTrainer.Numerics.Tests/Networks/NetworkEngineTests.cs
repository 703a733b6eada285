using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class NetworkEngineTests
{
    [Fact]
    public void Allocates_nothing_in_a_call()
    {
        foreach (var spec in Sample.Specs(units: 20).Concat(Sample.Heads(units: 20)))
        {
            var sample = new Sample(spec, time: 3, rows: 5, padded: true);
            using var engine = sample.Engine(VectorWidths.Widest);
            var lanes = Sample.Lanes(2, 0, 3, 0);
            var state = new float[5 * sample.Layout.StateSize];
            var sums = new LossSums[4];
            LaneBlock[] blocks = [new(0, 2), new(2, 2)];
            Memory<float>[] gradients = [new float[sample.Layout.ParameterCount], new float[sample.Layout.ParameterCount]];
            var fewest = long.MaxValue;
            for (var call = 0; call < 4 && fewest > 0; call++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                engine.Gradient(sample.Weights, sample.Batch, state, lanes, sums, blocks, gradients);
                engine.Evaluate(sample.Weights, sample.Batch, state, lanes, sums);
                sample.Weights.Changed();
                fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            // The first call may compile and fill the runtime's caches, and a collection that other tests
            // bring about counts the rest of the thread's allocation block as allocated.
            Assert.True(fewest == 0, $"{fewest} bytes in every call of {spec}");
        }
    }

    [Fact]
    public void Shares_the_packed_weights_of_one_version_between_threads()
    {
        var sample = new Sample(Sample.Lstm(33), time: 4, rows: 3);
        var lanes = Sample.Lanes(3);
        var expected = sample.Run(width: null, lanes, new LaneBlock(0, 1));
        sample.Weights.Changed();
        var results = new Sample.Result[4];

        var threads = Enumerable.Range(0, results.Length)
            .Select(i => new Thread(() => results[i] = sample.Run(VectorWidths.Widest, lanes, new LaneBlock(0, 1))))
            .ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(results, result => Sample.Result.AssertEqual(expected, result, "a thread"));
    }

    [Fact]
    public void Names_what_does_not_fit()
    {
        var sample = new Sample(Sample.Lstm(4, inputs: 7, input: InputKind.Symbols), time: 2, rows: 3);
        using var engine = sample.Engine(VectorWidths.Widest);
        var state = new float[3 * 8];
        var sums = new LossSums[1];

        Throws("state has 23 values; 3 rows carry 8 each", () => engine.Evaluate(sample.Weights, sample.Batch, state.AsSpan(1), Sample.Lanes(3), sums));
        Throws("there are 1 sums for 2 lanes", () => engine.Evaluate(sample.Weights, sample.Batch, state, Sample.Lanes(1, 2), sums));
        Throws("the lanes end at row 2; the batch has 3 rows", () => engine.Evaluate(sample.Weights, sample.Batch, state, Sample.Lanes(2), sums));
        Throws(
            "[1,3) is no aligned block of lanes",
            () => engine.Gradient(sample.Weights, sample.Batch, state, Sample.Lanes(3), sums, [new(1, 2)], [new float[sample.Layout.ParameterCount]]));
        Throws(
            $"gradient 0 has 5 values; the network has {sample.Layout.ParameterCount} parameters",
            () => engine.Gradient(sample.Weights, sample.Batch, state, Sample.Lanes(3), sums, [new(0, 1)], [new float[5]]));
        Throws(
            "the weights belong to another network than the engine",
            () => engine.Evaluate(new NetworkWeights(Sample.Lstm(5)), sample.Batch, state, Sample.Lanes(3), sums));
        sample.Batch.Symbols[4] = 7;
        Throws("symbol 7 is not below the input size 7", () => engine.Evaluate(sample.Weights, sample.Batch, state, Sample.Lanes(3), sums));
        sample.Batch.Symbols[4] = 0;
        sample.Batch.Classes[2] = 5;
        sample.Batch.TargetWeights[2] = 1f;
        Throws("class 5 is not below the outputs 5", () => engine.Evaluate(sample.Weights, sample.Batch, state, Sample.Lanes(3), sums));
    }

    private static void Throws(string message, Action action) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
}
