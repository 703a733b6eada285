using System.Text;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Forecasts;

public sealed class ForecastEvaluationTests
{
    // The last four of eight rows validate: 5 7 8 6 | targets of window 0: 5 7, of 1: 7 8, of 2: 8 6.
    private static ForecastData Data(int season = 0, double validation = 0.5) => new(
        new MemoryStream(Encoding.UTF8.GetBytes("x\n1\n2\n4\n3\n5\n7\n8\n6\n")),
        new ForecastOptions(["x"], Window: 1) { Horizon = 2, Season = season, ValidationFraction = validation, Standardize = false },
        Head.LastStep,
        batchSize: 2,
        seed: 1,
        DataLimits.Default);

    [Fact]
    public void Measures_forecasts_over_all_steps_and_for_the_last()
    {
        var evaluation = new ForecastEvaluation(Data());
        evaluation.AddOutputs([5, 8]); // errors 0 1
        evaluation.AddOutputs([4, 8]); // −3 0
        Assert.False(evaluation.IsWhole);
        evaluation.AddForecast([8, 10]); // 0 4
        Assert.True(evaluation.IsWhole);

        var errors = evaluation.Errors()!;
        Assert.Equal(3, errors.Windows);
        Assert.Equal(
            [new TargetErrors("x", new(8.0 / 6, Math.Sqrt(26.0 / 6)), new(5.0 / 3, Math.Sqrt(17.0 / 3)))],
            errors.Targets.AsEnumerable());
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.AddForecast([1, 1]));
    }

    [Fact]
    public void Naive_repeats_the_last_value_seen()
    {
        // 3 3 against 5 7, 5 5 against 7 8, 7 7 against 8 6.
        var errors = ForecastBaselines.Naive(Data())!.Targets[0];
        Assert.Equal(new ErrorMeasures(13.0 / 6, Math.Sqrt(35.0 / 6)), errors.AllSteps);
        Assert.Equal(new ErrorMeasures(8.0 / 3, Math.Sqrt(26.0 / 3)), errors.LastStep);
    }

    [Theory]
    [InlineData(1, 13.0 / 6)]
    [InlineData(2, (1 + 4 + 4 + 3 + 3 + 1) / 6.0)] // 4 3, 3 5, 5 7
    [InlineData(3, (3 + 3 + 3 + 5 + 5 + 1) / 6.0)] // 2 4, 4 3, 3 5
    public void Seasonal_naive_repeats_the_last_season(int season, double expected) =>
        Assert.Equal(expected, ForecastBaselines.SeasonalNaive(Data(season))!.Targets[0].AllSteps.MeanAbsolute, 1e-12);

    [Fact]
    public void There_is_none_where_nothing_validates_or_no_season_is_named()
    {
        Assert.Null(ForecastBaselines.Naive(Data(validation: 0)));
        Assert.Null(ForecastBaselines.SeasonalNaive(Data()));
    }
}
