using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Optimizers;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training;

/// <summary>
/// A step of a run's network over two time steps of nothing, whose result is thrown away: what it computes with
/// is compiled afterwards, and the first real step of the process does not wait for it.
/// </summary>
public static class Rehearsal
{
    /// <summary>The steps of larger networks take longer than their code takes to be compiled.</summary>
    private const int MaximumParameters = 4_000_000;

    private const int Time = 2;

    /// <returns>False: the network is too large to be worth it.</returns>
    public static bool Of(TrainingRun run)
    {
        var (rows, count) = (run.Lanes.BatchSize, run.Layout.ParameterCount);
        if (count > MaximumParameters)
        {
            return false;
        }

        using var weights = new NetworkWeights(run.Network);
        run.FillInitialWeights(weights.Values);
        weights.Changed();
        var time = Math.Min(Time, run.MaximumTime);
        using var engine = NetworkEngine.Create(run.Network, time, rows, VectorWidths.Widest);
        var batch = new SequenceBatch(run.Network, time, rows);
        batch.TargetWeights.Fill(1);
        batch.Identify(seed: 0, step: 0, [.. Enumerable.Range(0, rows)]);

        var item = run.Plan[run.Plan.ItemOfStep(0)];
        LaneRows[] lanes = [.. Enumerable.Range(0, run.Lanes.Lanes).Select(lane => new LaneRows(lane, run.Rows(item, lane).First, run.Rows(item, lane).Count))];
        var sums = new LossSums[lanes.Length];
        LaneBlock[] blocks = [new(0, lanes.Length)];
        Memory<float>[] gradients = [new float[count]];
        engine.Gradient(weights, batch, new float[rows * run.Layout.StateSize], lanes, sums, blocks, gradients);
        new OptimizerState(run.Optimizer, count).Apply(weights.Values, weights.Values, gradients[0].Span, 0, 0);
        return true;
    }
}
