using System.Collections.Immutable;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Training.Predictions;

namespace ActorTrainer.Cli.Predictions;

/// <summary>One target as it was and as it is forecast, to be drawn.</summary>
/// <param name="Target">The column.</param>
/// <param name="Names">Of all rows, the past ones first.</param>
/// <param name="Values">Of all rows.</param>
/// <param name="Past">How many of them are past.</param>
internal sealed record ForecastSeries(string Target, ImmutableArray<string> Names, ImmutableArray<double> Values, int Past)
{
    /// <summary>Past rows that are drawn: enough to see what the forecast goes on from.</summary>
    private const int FewestPast = 48;

    /// <summary>The series of every target whose past is known.</summary>
    public static ImmutableArray<ForecastSeries> Of(ForecastPast past, IReadOnlyList<PredictionRow> forecast)
    {
        var shown = Math.Min(past.Rows.Length, Math.Max(FewestPast, 3 * forecast.Count));
        ImmutableArray<string> names = [.. past.Rows[^shown..], .. forecast.Select(row => row.Labels[0])];
        return
        [
            .. past.Targets.Select((target, place) => new ForecastSeries(
                target, names, [.. past.Values[place][^shown..], .. forecast.Select(row => row.Numbers[place])], shown)),
        ];
    }
}
