using System.Collections.Immutable;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Training.Predictions;

/// <summary>
/// Looks at the whole validation part of a run's data with given weights: the same batches, lanes and tree
/// as a validation while training, so that the loss has the same bits.
/// </summary>
public sealed class Evaluator : IDisposable
{
    private readonly TrainingRun _run;
    private readonly NetworkEngine _engine;
    private readonly SequenceBatch _batch;
    private readonly float[] _state;
    private readonly LossSums[] _lanes;

    /// <exception cref="ArgumentException">The run has nothing to validate on.</exception>
    public Evaluator(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Data.ValidationBatches == 0)
        {
            throw new ArgumentException("the data has no part that only validates.", nameof(run));
        }

        var rows = run.Data.ValidationRows(0);
        _run = run;
        _engine = NetworkEngine.Create(run.Network, run.MaximumTime, rows, VectorWidths.Widest);
        _batch = new SequenceBatch(run.Network, run.MaximumTime, rows);
        _state = new float[rows * run.Layout.StateSize];
        _lanes = new LossSums[run.Lanes.Lanes];
    }

    /// <param name="weights">[ParameterCount] in layout order (B13).</param>
    /// <param name="cancellation">Asked for between batches.</param>
    /// <returns>Null: no target is there to be held to, all of them are masked.</returns>
    public ModelEvaluation? Evaluate(ReadOnlySpan<float> weights, CancellationToken cancellation = default)
    {
        using var network = new NetworkWeights(_run.Network);
        weights.CopyTo(network.Values);
        network.Changed();
        var forecasts = _run.Data is ForecastData data ? new ForecastEvaluation(data) : null;
        var numbers = forecasts is null && _run.Network.Loss == LossKind.MeanSquaredError ? new NumberSums(_run) : null;
        var total = default(LossSums);
        for (var batch = 0L; batch < _run.Data.ValidationBatches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            Run(network, batch);
            var sums = LaneTree.Fold(_lanes);
            total = batch == 0 ? sums : total + sums;
            numbers?.Add(_batch, _engine.Outputs);
            for (var row = 0; forecasts is not null && row < _batch.Rows; row++)
            {
                forecasts.AddOutputs(LastOutputs(row));
            }
        }

        return total.Weight == 0 ? null : new ModelEvaluation(
            (long)total.Sequences,
            total.Loss / total.Weight,
            _run.Network.Loss == LossKind.MeanSquaredError ? null : total.Correct / total.Targets,
            numbers?.Errors() ?? (forecasts is null ? [] : Compared(forecasts.Errors()!)));
    }

    public void Dispose() => _engine.Dispose();

    private void Run(NetworkWeights weights, long batch)
    {
        var present = _run.Data.ValidationRows(batch);
        var rows = Enumerable.Range(0, present).ToArray();
        var lanes = Enumerable.Range(0, _run.Lanes.Lanes)
            .Select(lane => (Lane: lane, Rows: _run.Lanes.Rows(lane, present)))
            .Where(lane => !lane.Rows.IsEmpty)
            .Select(lane => new LaneRows(lane.Lane, lane.Rows.First, lane.Rows.Count))
            .ToArray();
        if (!_run.CarriesState || _run.Data.ValidationStartsFromZeros(batch))
        {
            _state.AsSpan().Clear();
        }

        _run.Data.FillValidation(_batch, batch, rows);
        var sums = new LossSums[lanes.Length];
        _engine.Evaluate(weights, _batch, _state.AsSpan(0, present * _run.Layout.StateSize), lanes, sums);
        _lanes.AsSpan().Clear();
        for (var i = 0; i < lanes.Length; i++)
        {
            _lanes[lanes[i].Lane] = sums[i];
        }
    }

    private ReadOnlySpan<float> LastOutputs(int row)
    {
        var outputs = _run.Network.Outputs;
        return _engine.Outputs.Slice((((_batch.TargetTime - 1) * _batch.Rows) + row) * outputs, outputs);
    }

    private ImmutableArray<NumberErrors> Compared(ForecastErrors model)
    {
        var data = (ForecastData)_run.Data;
        (string Method, ForecastErrors? Errors)[] methods =
        [
            (NumberErrors.Model, model),
            (NumberErrors.LastValue, ForecastBaselines.Naive(data)),
            (NumberErrors.LastSeason, ForecastBaselines.SeasonalNaive(data)),
        ];
        return
        [
            .. Enumerable.Range(0, model.Targets.Length).SelectMany(_ => methods, (target, method) => (target, method))
                .Where(pair => pair.method.Errors is not null)
                .Select(pair => Errors(pair.method.Errors!.Targets[pair.target], pair.method.Method)),
        ];

        static NumberErrors Errors(TargetErrors errors, string method) => new(errors.Target, method, errors.AllSteps, errors.LastStep);
    }
}
