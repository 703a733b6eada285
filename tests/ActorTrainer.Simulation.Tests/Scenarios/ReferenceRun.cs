using System.Runtime.InteropServices;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// What a run comes to when one loop carries it out: no machine, no message, no shard. The oracle of
/// every schedule.
/// </summary>
/// <param name="WeightsSha256">Of the final weights (B13).</param>
/// <param name="Sums">Of each item.</param>
/// <param name="Norms">Of each item; 0 for a validation batch.</param>
internal sealed record ReferenceRun(string WeightsSha256, IReadOnlyList<LossSums> Sums, IReadOnlyList<double> Norms)
{
    public static ReferenceRun Of(TrainingRun run)
    {
        var (sums, norms) = (new List<LossSums>(), new List<double>());
        var rows = run.Lanes.BatchSize;
        using var engine = NetworkEngine.Create(run.Network, run.MaximumTime, rows, VectorWidths.Widest);
        using var weights = new NetworkWeights(run.Network);
        run.FillInitialWeights(weights.Values);
        weights.Changed();
        var optimizer = new OptimizerState(run.Optimizer, run.Layout.ParameterCount);
        var batch = new SequenceBatch(run.Network, run.MaximumTime, rows);
        var gradient = new float[run.Layout.ParameterCount];
        var squares = new double[NormBlocks.Count(gradient.Length)];
        var states = new Dictionary<bool, float[]> { [true] = [], [false] = [] };
        for (var number = 0L; number < run.Plan.Items; number++)
        {
            var item = run.Plan[number];
            var present = run.Rows(item);
            run.Fill(batch, item, [.. Enumerable.Range(0, present)]);
            var lanes = Enumerable.Range(0, run.Lanes.Lanes)
                .Select(lane => new LaneRows(lane, run.Rows(item, lane).First, run.Rows(item, lane).Count)).ToArray();
            var state = run.StartsFromZeros(item) ? new float[present * run.Layout.StateSize] : states[item.IsTraining];
            states[item.IsTraining] = state;
            var laneSums = new LossSums[lanes.Length];
            if (!item.IsTraining)
            {
                engine.Evaluate(weights, batch, state, lanes, laneSums);
                sums.Add(LaneTree.Fold(laneSums));
                norms.Add(0);
                continue;
            }

            engine.Gradient(weights, batch, state, lanes, laneSums, [run.Lanes.All], [gradient]);
            var total = LaneTree.Fold(laneSums);
            if (total.Weight == 0)
            {
                sums.Add(total);
                norms.Add(0);
                continue;
            }

            NormBlocks.Squares(gradient, squares);
            var norm = Math.Sqrt(NormBlocks.Total(NormBlocks.Subtrees(0, squares), squares.Length)) / total.Weight;
            var scale = run.Recipe.Training.ClipNorm is { } clip ? Math.Min(1, clip / (norm + 1e-6)) : 1;
            optimizer.Apply(weights.Values, weights.Values, gradient, (float)(scale / total.Weight), (float)run.LearningRate(item.Step), (float?)run.Recipe.Training.ClipValue);
            weights.Changed();
            sums.Add(total);
            norms.Add(norm);
        }

        return new ReferenceRun(ContentHash.Sha256Of(MemoryMarshal.AsBytes(weights.Values)), sums, norms);
    }
}
