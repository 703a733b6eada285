using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Predictions;

public sealed class EvaluatorTests
{
    private static ModelEvaluation Evaluate(SampleRun sample)
    {
        using var evaluator = new Evaluator(sample.Run);
        return evaluator.Evaluate(sample.Weights)!;
    }

    [Fact]
    public void Finds_nothing_where_every_target_is_masked()
    {
        Assert.Null(Evaluate(SampleRun.Untagged()));
        Assert.NotNull(Evaluate(SampleRun.Tags()));
    }

    [Fact]
    public void Compares_a_forecast_with_what_needs_no_model()
    {
        var sample = SampleRun.Forecast(horizon: 3);
        var data = (ForecastData)sample.Run.Data;
        double[] forecast = new double[3], errors = new double[2];
        for (var window = 0; window < data.ValidationWindows; window++)
        {
            data.Predict(window, sample.Outputs(window / 4, window % 4), forecast);
            errors[0] += forecast.Zip(data.Actual(window).ToArray(), (a, b) => Math.Abs(a - b)).Sum() / 3 / data.ValidationWindows;
            errors[1] += Math.Abs(forecast[2] - data.Actual(window)[2]) / data.ValidationWindows;
        }

        var found = Evaluate(sample);

        Assert.Equal(data.ValidationWindows, found.Sequences);
        Assert.Equal(["model", "last value", "last season"], found.Errors.Select(error => error.Method));
        Assert.Equal(errors[0], found.Errors[0].All.MeanAbsolute, 9);
        Assert.Equal(errors[1], found.Errors[0].AtHorizon!.MeanAbsolute, 9);
        Assert.Equal(ForecastBaselines.SeasonalNaive(data)!.Targets[0].AllSteps, found.Errors[2].All);
        Assert.Null(found.Accuracy);
    }

    [Fact]
    public void Counts_classes_as_predictions_do()
    {
        var sample = SampleRun.Classes();
        string[] labels = ["up", "down", "up", "down"];
        var right = sample.Predict(SampleRun.Sequences).Zip(labels).Count(row => row.First.Labels[1] == row.Second);

        var found = Evaluate(sample);

        Assert.Equal(right / 4.0, found.Accuracy);
        Assert.Equal(4, found.Sequences);
        Assert.Empty(found.Errors);
    }

    [Fact]
    public void Measures_numbers_in_the_units_of_the_label()
    {
        var sample = SampleRun.OfNumbers();
        double[] labels = [10, 30, 20];
        var errors = sample.Predict(SampleRun.Numbers).Zip(labels, (row, label) => row.Numbers[0] - label).ToArray();

        var found = Assert.Single(Evaluate(sample).Errors);

        Assert.Equal(("y", "model"), (found.Target, found.Method));
        Assert.Equal(errors.Average(Math.Abs), found.All.MeanAbsolute, 5);
        Assert.Equal(Math.Sqrt(errors.Average(error => error * error)), found.All.RootMeanSquare, 5);
        Assert.Null(found.AtHorizon);
    }

    [Fact]
    public void Looks_at_every_batch_of_generated_data()
    {
        var sample = SampleRun.Of(new DataRecipe.AddingProblem(6, 10), LossKind.MeanSquaredError, Head.LastStep);

        var found = Evaluate(sample);

        Assert.Equal(10, found.Sequences);
        Assert.Equal(Math.Sqrt(found.Loss), Assert.Single(found.Errors).All.RootMeanSquare, 6);
    }

    [Fact]
    public void Refuses_a_run_with_nothing_to_validate_on()
    {
        var sample = SampleRun.Of(new DataRecipe.AddingProblem(6, 0), LossKind.MeanSquaredError, Head.LastStep);

        Assert.Throws<ArgumentException>(() => new Evaluator(sample.Run));
    }
}
