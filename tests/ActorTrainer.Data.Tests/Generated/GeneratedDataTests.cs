using ActorTrainer.Data.Generated;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Generated;

public sealed class GeneratedDataTests
{
    public static TheoryData<string> Kinds => ["adding", "copy", "sines"];

    private static GeneratedData Data(string kind, int batchSize = 8, uint seed = 1) => kind switch
    {
        "adding" => new AddingProblemData(length: 101, validationSamples: 20, batchSize, seed),
        "copy" => new CopyMemoryData(delay: 5, symbols: 8, length: 10, validationSamples: 20, batchSize, seed),
        _ => new SineMixtureData(length: 20, components: 3, noise: 0.1, validationSamples: 20, batchSize, seed),
    };

    private static string Row(SequenceBatch batch, int row)
    {
        var inputs = Enumerable.Range(0, batch.Time).SelectMany(t => batch.Symbols.IsEmpty
            ? batch.Features.Slice(((t * batch.Rows) + row) * batch.Spec.InputSize, batch.Spec.InputSize).ToArray()
            : [batch.Symbols[(t * batch.Rows) + row]]);
        var targets = Enumerable.Range(0, batch.TargetTime).Select(t => (t * batch.Rows) + row)
            .Select(place => (batch.TargetWeights[place], batch.Classes.IsEmpty ? batch.Targets[place] : batch.Classes[place]));
        return string.Join(' ', inputs) + " | " + string.Join(' ', targets);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_keyed_by_the_global_sample_the_seed_and_the_use(string kind)
    {
        var (wide, narrow, other) = (Data(kind), Data(kind, batchSize: 2), Data(kind, seed: 2));
        var (a, b, c) = (Batches.For(wide), Batches.For(narrow), Batches.For(other));
        wide.FillTraining(a, 3, Batches.AllRows(8));
        narrow.FillTraining(b, (3 * 4) + 2, [1, 0]);
        other.FillTraining(c, 3, Batches.AllRows(8));

        Assert.Equal((Row(a, 5), Row(a, 4)), (Row(b, 0), Row(b, 1)));
        Assert.NotEqual(Row(a, 5), Row(c, 5));
        wide.FillTraining(c, 0, [5]);
        Assert.NotEqual(Row(a, 5), Row(c, 0));
        wide.FillValidation(b, 2, [3, 2]);
        wide.FillTraining(a, 2, [3, 2]);
        Assert.NotEqual(Row(a, 0), Row(b, 0));
        Assert.Equal((0L, 3L, 4), (wide.StepsPerEpoch, wide.ValidationBatches, wide.ValidationRows(2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fills_without_allocating(string kind) => Assert.Equal(0, Batches.AllocatedBy(Data(kind)));

    [Fact]
    public void Adds_the_two_marked_numbers_one_of_each_half()
    {
        var data = Data("adding", batchSize: 200);
        var batch = Batches.For(data);
        data.FillTraining(batch, 0, Batches.AllRows(200));
        var mean = 0.0;
        for (var row = 0; row < 200; row++)
        {
            var numbers = Enumerable.Range(0, 101).Select(t => batch.Features[2 * ((t * 200) + row)]).ToArray();
            var marked = Enumerable.Range(0, 101).Where(t => batch.Features[(2 * ((t * 200) + row)) + 1] != 0).ToArray();

            Assert.True(marked is [< 50, >= 50]);
            Assert.Equal(numbers[marked[0]] + numbers[marked[1]], batch.Targets[row]);
            Assert.All(numbers, number => Assert.InRange(number, 0f, 0.99999994f));
            mean += batch.Targets[row] / 200;
        }

        Assert.Equal((Head.LastStep, 1, 1f), (data.Head, batch.TargetTime, batch.TargetWeights[0]));
        Assert.InRange(mean, 0.9, 1.1);
    }

    [Fact]
    public void Asks_for_the_symbols_after_the_delimiter_alone()
    {
        var data = Data("copy", batchSize: 100);
        var batch = Batches.For(data);
        data.FillTraining(batch, 0, Batches.AllRows(100));
        for (var row = 0; row < 100; row++)
        {
            var inputs = Enumerable.Range(0, 26).Select(t => batch.Symbols[(t * 100) + row]).ToArray();

            Assert.All(inputs[..10], symbol => Assert.InRange(symbol, 0, 7));
            Assert.Equal([8, 8, 8, 8, 8, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8], inputs[10..]);
            Assert.Equal(inputs[..10], Enumerable.Range(16, 10).Select(t => batch.Classes[(t * 100) + row]));
            Assert.All(Enumerable.Range(0, 26), t => Assert.Equal(t < 16 ? 0f : 1f, batch.TargetWeights[(t * 100) + row]));
        }

        Assert.Equal((26, 10, 8), (data.MaximumTime, data.InputSize, data.Outputs));
        Assert.Equal(8, batch.Symbols[..1000].ToArray().Distinct().Count());
    }

    [Fact]
    public void A_single_sine_is_a_sine_and_its_target_the_next_value()
    {
        var data = new SineMixtureData(length: 64, components: 1, noise: 0, validationSamples: 0, batchSize: 1, seed: 1);
        var batch = Batches.For(data);
        for (var step = 0; step < 50; step++)
        {
            data.FillTraining(batch, step, [0]);
            var x = batch.Features.ToArray();

            Assert.Equal(x[1..], batch.Targets[..63].ToArray());

            // x(t + 1) + x(t − 1) = 2 cos(2πf) · x(t) for one and the same f, which largest values show best.
            var peak = Enumerable.Range(1, 62).MaxBy(t => Math.Abs(x[t]));
            var cosine = (x[peak + 1] + x[peak - 1]) / (2.0 * x[peak]);
            Assert.InRange(cosine, Math.Cos(2 * Math.PI * 0.12), Math.Cos(2 * Math.PI * 0.02) + 1e-5);
            Assert.All(Enumerable.Range(1, 62), t => Assert.Equal(0, x[t + 1] + x[t - 1] - (2 * cosine * x[t]), 1e-5));
            Assert.InRange(Math.Abs(x[peak]), 0.45f, 1f);
        }
    }

    [Fact]
    public void Noise_is_as_wide_as_it_says()
    {
        var (clear, noisy) = (Sines(0), Sines(0.1));
        var differences = clear.Zip(noisy, (a, b) => (double)b - a).ToArray();

        Assert.All(differences, difference => Assert.InRange(difference, -0.1001, 0.1001));
        Assert.InRange(differences.Max(), 0.09, 0.1001);
        Assert.InRange(differences.Min(), -0.1001, -0.09);

        static float[] Sines(double noise)
        {
            var data = new SineMixtureData(length: 500, components: 3, noise, validationSamples: 0, batchSize: 1, seed: 1);
            var batch = Batches.For(data);
            data.FillTraining(batch, 0, [0]);
            return batch.Features.ToArray();
        }
    }

    [Fact]
    public void Refuses_sizes_it_cannot_serve()
    {
        Refuses(() => new AddingProblemData(1, 0, 1, 1));
        Refuses(() => new AddingProblemData(GeneratedData.LengthLimit + 1, 0, 1, 1));
        Refuses(() => new AddingProblemData(2, -1, 1, 1));
        Refuses(() => new AddingProblemData(2, 0, 0, 1));
        Refuses(() => new CopyMemoryData(-1, 8, 10, 0, 1, 1));
        Refuses(() => new CopyMemoryData(20, 1, 10, 0, 1, 1));
        Refuses(() => new CopyMemoryData(20, 8, 0, 0, 1, 1));
        Refuses(() => new CopyMemoryData(int.MaxValue, 8, int.MaxValue, 0, 1, 1));
        Refuses(() => new CopyMemoryData(20, 8, int.MaxValue, 0, 1, 1));
        Refuses(() => new SineMixtureData(0, 3, 0, 0, 1, 1));
        Refuses(() => new SineMixtureData(1, 0, 0, 0, 1, 1));
        Refuses(() => new SineMixtureData(1, 1, double.NaN, 0, 1, 1));
        Refuses(() => new SineMixtureData(1, 1, -0.1, 0, 1, 1));

        static void Refuses(Func<GeneratedData> make) => Assert.Throws<ArgumentOutOfRangeException>(make);
    }
}
