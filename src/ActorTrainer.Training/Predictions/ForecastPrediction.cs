using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Data;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Predictions;

/// <summary>Forecasts the rows after the last one of a table.</summary>
internal static class ForecastPrediction
{
    /// <inheritdoc cref="Predictor.Predict"/>
    public static Prediction Of(
        DataRecipe.Forecast recipe, DataSchema schema, NetworkWeights weights, Stream data, PredictionFormat format, DataLimits limits)
    {
        var options = DataOptions.Of(recipe);
        var history = format == PredictionFormat.Csv
            ? ForecastHistory.Read(data, options, schema, limits)
            : ForecastHistory.ReadJsonLines(data, options, schema, limits);
        var ahead = RowNames.After([.. LastNames(history)], options.Horizon);
        var label = new PredictionLabel(
            PredictionNames.Free(options.Time.Length > 0 ? options.Time : PredictionNames.Ahead, options.Targets),
            IsCount: options.Time.Length == 0);
        return new Prediction(
            new PredictionColumns([label], options.Targets, AreProbabilities: false),
            Rows(history, weights, options, ahead),
            Past(history, options.Targets));
    }

    private static IEnumerable<PredictionRow> Rows(
        ForecastHistory history, NetworkWeights weights, ForecastOptions options, ImmutableArray<string> names)
    {
        using var runner = new BatchRunner(weights, options.Window, count: 1);
        history.Fill(runner.Batch);
        runner.Run();
        var (values, width) = (history.Restore(runner.LastOutputs(0)), options.Targets.Length);
        for (var ahead = 0; ahead < options.Horizon; ahead++)
        {
            yield return new PredictionRow([names[ahead]], [.. values.AsSpan(ahead * width, width)]);
        }
    }

    private static IEnumerable<string> LastNames(ForecastHistory history)
    {
        for (var row = Math.Max(0, history.Rows - RowNames.Looked); row < history.Rows; row++)
        {
            if (history.TimeOf(row) is { } name)
            {
                yield return name;
            }
        }
    }

    private static ForecastPast Past(ForecastHistory history, ImmutableArray<string> targets)
    {
        var rows = Math.Min(history.Rows, ForecastPast.MostRows);
        var first = history.Rows - rows;
        var values = history.Values(first, rows).ToArray();
        return new ForecastPast(
            [.. Enumerable.Range(first, rows).Select(Name)],
            [.. targets.Take(ForecastPast.MostTargets)],
            [.. Enumerable.Range(0, Math.Min(targets.Length, ForecastPast.MostTargets)).Select(ColumnOf)]);

        string Name(int row) => history.TimeOf(row) is { } name
            ? name[..Math.Min(name.Length, ForecastPast.LongestName)]
            : (row - history.Rows + 1).ToString(CultureInfo.InvariantCulture);

        ImmutableArray<double> ColumnOf(int target) =>
            [.. Enumerable.Range(0, rows).Select(row => values[(row * targets.Length) + target])];
    }
}
