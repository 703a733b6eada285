namespace ActorTrainer.Data.Forecasts;

/// <summary>What a forecast must beat: rules that learn nothing, on the same validation windows and in the same units.</summary>
public static class ForecastBaselines
{
    /// <summary>The last value seen, for every step ahead.</summary>
    /// <returns>Null without validation.</returns>
    public static ForecastErrors? Naive(ForecastData data) => Measure(data, period: 1);

    /// <summary>The value of a season before; beyond one season the last whole season seen is repeated.</summary>
    /// <returns>Null without validation, or without a season.</returns>
    public static ForecastErrors? SeasonalNaive(ForecastData data) => data.Options.Season == 0 ? null : Measure(data, data.Options.Season);

    private static ForecastErrors? Measure(ForecastData data, int period)
    {
        var evaluation = new ForecastEvaluation(data);
        var (forecast, width) = (new double[data.Outputs], data.Options.Targets.Length);
        while (!evaluation.IsWhole)
        {
            var end = data.FirstTargetRow(evaluation.Windows);
            for (var ahead = 0; ahead < data.Options.Horizon; ahead++)
            {
                data.Values(end - period + (ahead % period), 1).CopyTo(forecast.AsSpan(ahead * width));
            }

            evaluation.AddForecast(forecast);
        }

        return evaluation.Errors();
    }
}
