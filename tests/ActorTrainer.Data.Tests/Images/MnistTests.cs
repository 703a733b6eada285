using System.Diagnostics;
using ActorTrainer.Data.Images;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Images;

public sealed class MnistTests
{
    /// <summary>A fact about files that are not part of the repository: skipped where nobody says where they are.</summary>
    private sealed class FactWithMnistAttribute : FactAttribute
    {
        public FactWithMnistAttribute() => Skip = Folder is null ? "ACTORTRAINER_DATA names no folder with mnist/ in it" : null;
    }

    private static string? Folder =>
        Environment.GetEnvironmentVariable("ACTORTRAINER_DATA") is { Length: > 0 } data && Directory.Exists(Path.Combine(data, "mnist"))
            ? Path.Combine(data, "mnist")
            : null;

    private static FileStream Open(string name) => File.OpenRead(Path.Combine(Folder!, name + ".gz"));

    [FactWithMnist]
    public void Opens_mnist_in_moments_and_sees_what_is_known_of_it()
    {
        var watch = Stopwatch.StartNew();
        using var images = Open("train-images-idx3-ubyte");
        using var labels = Open("train-labels-idx1-ubyte");
        using var testImages = Open("t10k-images-idx3-ubyte");
        using var testLabels = Open("t10k-labels-idx1-ubyte");
        var data = new ImagesData(images, labels, testImages, testLabels, ImageLayout.Flat, Head.EveryStep, batchSize: 100, seed: 1);
        var seconds = watch.Elapsed.TotalSeconds;

        // Far less than a second on an idle machine.
        Assert.InRange(seconds, 0, 20);
        Assert.Equal((60_000, 10_000, 784, 600L, 100L), (data.TrainingImages, data.ValidationImages, data.InputSize, data.StepsPerEpoch, data.ValidationBatches));
        Assert.Equal("0 1 2 3 4 5 6 7 8 9", string.Join(" ", data.Classes));

        // The mean of all training pixels is 0.1307, as everybody who standardises them writes.
        var batch = Batches.For(data);
        var (sum, counts, validationCounts) = (0.0, new int[10], new int[10]);
        for (var step = 0; step < data.StepsPerEpoch; step++)
        {
            data.FillTraining(batch, step, Batches.AllRows(100));
            foreach (var feature in batch.Features)
            {
                sum += feature;
            }

            Count(batch, counts);
        }

        for (var index = 0; index < data.ValidationBatches; index++)
        {
            data.FillValidation(batch, index, Batches.AllRows(100));
            Count(batch, validationCounts);
        }

        // How many there are of each digit; the order of the files differs between copies.
        Assert.Equal(0.1307, sum / (60_000 * 784), 4);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], counts);
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], validationCounts);
    }

    private static void Count(SequenceBatch batch, int[] counts)
    {
        foreach (var label in batch.Classes)
        {
            counts[label]++;
        }
    }
}
