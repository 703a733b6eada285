using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrainer.Data.Generated;
using ActorTrainer.Data.Lines;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests;

/// <summary>
/// What recipes are trained on, against a second implementation in Python, Golden/make_samples.py. These numbers are
/// part of what a hash means: whoever moves one raises the arithmetic version.
/// </summary>
public sealed class GoldenSamplesTests
{
    private static readonly Golden Numbers = JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "samples.json")),
        new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true })!;

    [Fact]
    public void Samples_of_the_adding_problem_never_change()
    {
        Check(Numbers.Adding, new AddingProblemData(length: 9, validationSamples: 10, batchSize: 1, seed: 11));
        Check(Numbers.LongAdding, new AddingProblemData(length: 130, validationSamples: 0, batchSize: 1, seed: uint.MaxValue));
    }

    [Fact]
    public void Samples_of_copy_memory_never_change() =>
        Check(Numbers.Copy, new CopyMemoryData(delay: 3, symbols: 8, length: 10, validationSamples: 10, batchSize: 1, seed: 12));

    [Fact]
    public void Samples_of_sine_mixtures_never_change()
    {
        Check(Numbers.Sines, new SineMixtureData(length: 12, components: 3, noise: 0, validationSamples: 10, batchSize: 1, seed: 13));
        Check(Numbers.NoisySines, new SineMixtureData(length: 12, components: 2, noise: 0.25, validationSamples: 10, batchSize: 1, seed: 14));
    }

    [Fact]
    public void The_order_of_an_epoch_never_changes()
    {
        Assert.NotEmpty(Numbers.Orders);
        foreach (var expected in Numbers.Orders)
        {
            var order = new EpochOrder(expected.Seed, expected.Samples, batchSize: 4);
            var first = expected.Epoch * order.StepsPerEpoch;

            Assert.Equal(
                expected.Places,
                Enumerable.Range(0, expected.Samples).Select(place => order.Sample(first + (place / 4), place % 4)));
        }
    }

    [Fact]
    public void The_lines_and_sequences_that_validate_never_change()
    {
        Assert.NotEmpty(Numbers.Splits);
        foreach (var expected in Numbers.Splits)
        {
            var lines = Utf8(string.Concat(Enumerable.Range(0, expected.Samples).Select(line => $"{line}\n")));
            var sequences = Utf8(string.Concat(Enumerable.Range(0, expected.Samples).Select(line => $"{{\"x\":[{line}],\"y\":{line}}}\n")));
            var options = new SequencesOptions(SequencesFormat.JsonLines, "", ["x"], "y") { LabelKind = LabelKind.Number };

            Assert.Equal(expected.Validation, Validating(new LinesData(lines, 1, expected.Fraction, 256, expected.Seed)));
            Assert.Equal(expected.Validation, Validating(new SequencesData(sequences, null, options, 1, expected.Fraction, expected.Seed)));
        }

        static MemoryStream Utf8(string text) => new(Encoding.UTF8.GetBytes(text));

        static IEnumerable<int> Validating(ShuffledData data) =>
            Enumerable.Range(0, data.ValidationSamples).Select(batch => data.ValidationSample(batch, 0));
    }

    /// <summary>A batch of one row is the sample, element by element in order of time.</summary>
    private static void Check(Sample[] samples, GeneratedData data)
    {
        Assert.NotEmpty(samples);
        var batch = Batches.For(data);
        foreach (var expected in samples)
        {
            if (expected.Validation)
            {
                data.FillValidation(batch, expected.Number, [0]);
            }
            else
            {
                data.FillTraining(batch, expected.Number, [0]);
            }

            Assert.Equal(Singles<double>(expected.Inputs), data.Input == InputKind.Symbols ? Singles<int>(batch.Symbols) : batch.Features.ToArray());
            Assert.Equal(Singles<double>(expected.Targets), batch.Classes.IsEmpty ? batch.Targets.ToArray() : Singles<int>(batch.Classes));
        }

        static float[] Singles<T>(ReadOnlySpan<T> numbers)
            where T : INumber<T> => [.. numbers.ToArray().Select(float.CreateChecked)];
    }

    private sealed record Golden(Sample[] Adding, Sample[] LongAdding, Sample[] Copy, Sample[] Sines, Sample[] NoisySines, Order[] Orders, Split[] Splits);

    private sealed record Sample(
        bool Validation, [property: JsonPropertyName("sample")] long Number, double[] Inputs, double[] Targets);

    private sealed record Order(
        uint Seed, int Samples, long Epoch, [property: JsonPropertyName("order")] int[] Places);

    private sealed record Split(uint Seed, int Samples, double Fraction, int[] Validation);
}
