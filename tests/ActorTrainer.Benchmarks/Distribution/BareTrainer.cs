using System.Diagnostics;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// The bare step: a loop of one thread that trains the same run, with nothing in it but the arithmetic:
/// batch, gradient, norm, optimizer, packing. Its weights must be the cluster's, bit for bit.
/// </summary>
internal static class BareTrainer
{
    /// <summary>Trains the whole run on a thread of its own.</summary>
    public static Stretch Train(MeasuredJob job, TrainingRun run) => DedicatedThread.Compute(() => TrainHere(job, run));

    private static Stretch TrainHere(MeasuredJob job, TrainingRun run)
    {
        using var weights = new NetworkWeights(run.Network);
        run.FillInitialWeights(weights.Values);
        weights.Changed();
        var rows = run.Lanes.BatchSize;
        using var engine = NetworkEngine.Create(run.Network, run.MaximumTime, rows, VectorWidths.Widest);
        var batch = new SequenceBatch(run.Network, run.MaximumTime, rows);
        var optimizer = new OptimizerState(run.Optimizer, run.Layout.ParameterCount);
        int[] globalRows = [.. Enumerable.Range(0, rows)];
        var state = new float[rows * run.Layout.StateSize];
        var lanes = new LaneRows[run.Lanes.Lanes];
        var sums = new LossSums[lanes.Length];
        var squares = new double[NormBlocks.Count(run.Layout.ParameterCount)];
        LaneBlock[] blocks = [new(0, lanes.Length)];
        Memory<float>[] gradients = [new float[run.Layout.ParameterCount]];
        var begin = 0L;
        for (var step = 0L; step < run.Plan.Steps; step++)
        {
            if (step == job.WarmUpSteps)
            {
                begin = Stopwatch.GetTimestamp();
            }

            var item = run.Plan[run.Plan.ItemOfStep(step)];
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                var range = run.Rows(item, lane);
                lanes[lane] = new LaneRows(lane, range.First, range.Count);
            }

            run.Fill(batch, item, globalRows);
            if (run.StartsFromZeros(item))
            {
                Array.Clear(state);
            }

            engine.Gradient(weights, batch, state, lanes, sums, blocks, gradients);

            // B5, B6.
            var gradient = gradients[0].Span;
            NormBlocks.Squares(gradient, squares);
            var total = LaneTree.Fold(sums);
            var norm = Math.Sqrt(NormBlocks.Total(squares)) / total.Weight;
            var scale = run.Recipe.Training.ClipNorm is { } clip ? Math.Min(1, clip / (norm + 1e-6)) : 1;
            optimizer.Apply(weights.Values, weights.Values, gradient, (float)(scale / total.Weight), (float)run.LearningRate(step));
            weights.Changed();
        }

        return new Stretch(Stopwatch.GetElapsedTime(begin).TotalSeconds / job.MeasuredSteps, WeightsHash.Sha256(weights.Values));
    }
}

/// <summary>What a run was measured at.</summary>
/// <param name="SecondsPerStep">Mean of the measured steps.</param>
/// <param name="WeightsSha256">Of the weights after the last step.</param>
internal readonly record struct Stretch(double SecondsPerStep, string WeightsSha256);
