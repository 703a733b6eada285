using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Predictions;

/// <summary>How far outputs are from their targets, in the data's units: in double, over steps ascending, then rows.</summary>
internal sealed class NumberSums
{
    private readonly ImmutableArray<string> _names;
    private readonly ImmutableArray<ColumnScale> _scales;
    private readonly (long Count, double Absolute, double Squares)[] _sums;

    public NumberSums(TrainingRun run)
    {
        (_names, _scales) = (AnswerKind.NamesOf(run.Recipe.Data, run.Data.Schema), AnswerKind.ScalesOf(run.Data.Schema));
        _sums = new (long, double, double)[_names.Length];
    }

    /// <param name="outputs">[TargetTime × R × Outputs] of the batch.</param>
    public void Add(SequenceBatch batch, ReadOnlySpan<float> outputs)
    {
        var targets = batch.Targets;
        var weights = batch.TargetWeights;
        var width = batch.Spec.Outputs;
        for (var i = 0; i < targets.Length; i++)
        {
            if (weights[i / width] == 0)
            {
                continue;
            }

            var name = i % width % _names.Length;
            var error = ((double)outputs[i] - targets[i]) * _scales[name % _scales.Length].Deviation;
            ref var sum = ref _sums[name];
            sum = (sum.Count + 1, sum.Absolute + Math.Abs(error), sum.Squares + (error * error));
        }
    }

    public ImmutableArray<NumberErrors> Errors() =>
    [
        .. _names.Zip(_sums, (name, sum) => new NumberErrors(
            name, NumberErrors.Model, new ErrorMeasures(sum.Absolute / sum.Count, Math.Sqrt(sum.Squares / sum.Count)), AtHorizon: null)),
    ];
}
