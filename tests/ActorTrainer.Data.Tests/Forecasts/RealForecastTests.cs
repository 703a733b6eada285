using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Forecasts;

/// <summary>Expected errors of the baselines are from a dozen lines of Python over the same files.</summary>
public sealed class RealForecastTests
{
    private static ForecastData Open(string file, string column, int season, bool log = false, int difference = 0)
    {
        using var stream = File.OpenRead(RealDataFactAttribute.PathOf(file));
        return new ForecastData(
            stream,
            new ForecastOptions([column], Window: 24) { Horizon = 12, Season = season, Log = log, Difference = difference, Time = "Month" },
            Head.LastStep,
            batchSize: 32,
            seed: 1,
            DataLimits.Default);
    }

    private static void Holds(ErrorMeasures errors, double meanAbsolute, double rootMeanSquare)
    {
        Assert.Equal(meanAbsolute, errors.MeanAbsolute, 1e-9);
        Assert.Equal(rootMeanSquare, errors.RootMeanSquare, 1e-9);
    }

    [RealDataFact("monthly-sunspots.csv")]
    public void Sunspots_are_windows_of_months()
    {
        var data = Open("monthly-sunspots.csv", "Sunspots", season: 132);

        Assert.Equal((2820, 2256, 553), (data.Rows, data.FirstValidationRow, data.ValidationWindows));
        Assert.Equal("1749-01", data.TimeOf(0));
        Assert.Equal(58.0, data.Values(0, 1)[0]);

        var naive = ForecastBaselines.Naive(data)!.Targets[0];
        Holds(naive.AllSteps, 23.927290536467705, 31.91533860317821);
        Holds(naive.LastStep, 31.138155515370695, 40.67398944929696);
        var cycle = ForecastBaselines.SeasonalNaive(data)!.Targets[0];
        Holds(cycle.AllSteps, 32.81788728149469, 45.48885063339079);
        Holds(cycle.LastStep, 32.39855334538878, 45.14284861629237);
        var year = ForecastBaselines.SeasonalNaive(Open("monthly-sunspots.csv", "Sunspots", season: 12))!.Targets[0];
        Holds(year.AllSteps, 31.0704339963832, 40.556090427523976);
        Holds(year.LastStep, 31.138155515370695, 40.67398944929696);
    }

    [RealDataFact("airline-passengers.csv")]
    public void Passengers_are_windows_of_months()
    {
        var data = Open("airline-passengers.csv", "Passengers", season: 12, log: true, difference: 12);

        Assert.Equal((144, 116, 17, 116 - 48 + 1), (data.Rows, data.FirstValidationRow, data.ValidationWindows, data.TrainingWindows));
        var naive = ForecastBaselines.Naive(data)!.Targets[0];
        Holds(naive.AllSteps, 80.82352941176471, 101.84215006278964);
        var seasonal = ForecastBaselines.SeasonalNaive(data)!.Targets[0];
        Holds(seasonal.AllSteps, 47.84313725490196, 50.7975605404703);
        Holds(seasonal.LastStep, 50.294117647058826, 52.51610397269192);
    }
}
