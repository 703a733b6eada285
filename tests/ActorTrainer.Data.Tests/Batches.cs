using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests;

/// <summary>Batches made for a set of data.</summary>
internal static class Batches
{
    public static SequenceBatch For(TrainingData data) => new(
        new NetworkSpec(
            data.Input,
            data.InputSize,
            [new LayerSpec.Elman(4, new Initializer.Xavier())],
            data.NaturalLoss,
            data.Outputs,
            new Initializer.Xavier())
        {
            Head = data.Head,
        },
        data.MaximumTime,
        data.BatchSize);

    public static int[] AllRows(int rows) => [.. Enumerable.Range(0, rows)];

    /// <summary>
    /// Bytes that filling every row allocates each time: a collection that other tests bring about counts the
    /// rest of the thread's allocation block as allocated, now and then.
    /// </summary>
    public static long AllocatedBy(TrainingData data)
    {
        var (batch, rows) = (For(data), AllRows(data.BatchSize));
        Fill();
        var fewest = long.MaxValue;
        for (var call = 0; call < 4 && fewest > 0; call++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Fill();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;

        void Fill()
        {
            for (var step = 0; step < 20; step++)
            {
                data.FillTraining(batch, step, rows.AsSpan(0, data.TrainingRows(step)));
            }

            data.FillValidation(batch, 0, rows.AsSpan(0, data.ValidationRows(0)));
        }
    }
}
