using System.Text.Json;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class TrainingSummaryTests
{
    private static readonly JobNature Text = new(2_000, 64, IsText: true, 0);
    private static readonly JobNature Sums = new(3_000, 64, IsText: false, 1_000);

    private static readonly JobNature Digits = new(6_000, 100, IsText: false, 0) { Targets = JobTargets.Classes, Epochs = 10, Predicts = true };
    private static readonly JobNature Symbols = new(3_000, 64, IsText: false, 1_000) { Targets = JobTargets.Symbols };
    private static readonly JobNature Forecast = new(600, 64, IsText: false, 0)
    {
        Targets = JobTargets.Numbers,
        IsForecast = true,
        IsStandardized = true,
        Horizon = 12,
        Predicts = true,
        Epochs = 20,
    };

    private static NumberErrors Errors(string target, string method, double scale) => new()
    {
        Target = target,
        Method = method,
        MeanAbsoluteError = 10 * scale,
        RootMeanSquareError = 12.345678 * scale,
        MeanAbsoluteErrorAtHorizon = 20 * scale,
        RootMeanSquareErrorAtHorizon = 24 * scale,
    };

    private static TrainingSummary Summary(JobNature nature, ValidationResult? validation) => new(
        "adder-k3f9", nature, nature.Steps, 102.3456, 1_254.32, 0.5, validation, "/data/models/adder-k3f9.safetensors", "ab12", 312_400_000, IsWholeMemory: true);

    [Fact]
    public void A_language_model_is_summed_up_and_invited_to_write()
    {
        Assert.Equal(
            """
            adder-k3f9 is trained: 2,000 steps in 1 min 42 s

              training loss    0.5000 nats a character
              validation loss  1.5210 nats a character
                               perplexity 4.58, 55.0 % of the characters right
              speed            1,254 sequences/s
              peak memory      312 MB
              model            /data/models/adder-k3f9.safetensors
              weights_sha256   ab12

            Let it write:
              actortrainer model generate adder-k3f9 --length 600 --temperature 0.7 --data-dir here
            """,
            string.Join('\n', Summary(Text, new ValidationResult(1.521, 0.55, null)).ToText("actortrainer", " --data-dir here")));
    }

    [Fact]
    public void A_model_that_adds_is_judged_by_whole_sums()
    {
        var lines = Summary(Sums, new ValidationResult(0.0006, 0.99997, 0.999)).ToText("actortrainer", "").ToList();

        Assert.Equal("  validation loss  6.00e-4 nats a bit", lines[3]);
        Assert.Equal("                   999 of 1,000 sums right, 99.99 % of the bits", lines[4]);
        Assert.Equal("  actortrainer model download adder-k3f9 -o adder-k3f9.safetensors", lines[^1]);
    }

    [Fact]
    public void A_program_reads_one_object()
    {
        using var json = JsonDocument.Parse(Summary(Sums, new ValidationResult(0.0006, 0.99997, 0.999)).ToJson());
        var root = json.RootElement;

        Assert.Equal(
            [
                "job", "weights_sha256", "steps", "training_loss", "validation_loss", "validation_accuracy", "exact_sequences",
                "validation_sequences", "seconds", "sequences_per_second", "peak_memory_bytes", "model",
            ],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("ab12", root.GetProperty("weights_sha256").GetString());
        Assert.Equal(0.0006, root.GetProperty("validation_loss").GetDouble());
        Assert.Equal(999, root.GetProperty("exact_sequences").GetDouble());
        Assert.Equal(102.346, root.GetProperty("seconds").GetDouble());
    }

    [Fact]
    public void What_is_no_number_or_not_known_is_null_in_json()
    {
        using var json = JsonDocument.Parse((Summary(Text, null) with { TrainingLoss = double.NaN }).ToJson());

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("training_loss").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("validation_loss").ValueKind);
        Assert.False(json.RootElement.TryGetProperty("exact_sequences", out _));
    }

    [Fact]
    public void A_validation_line_keeps_its_columns()
    {
        Assert.Equal(
            "step   250  validation loss 2.0143  perplexity 7.50, 41.2 % of the characters right",
            ValidationLine.Format(Text, 250, new ValidationResult(2.0143, 0.412, 0)));
        Assert.Equal(
            "step 3,000  validation loss 6.00e-4  1,000 of 1,000 sums right, 100 % of the bits",
            ValidationLine.Format(Sums, 3_000, new ValidationResult(0.0006, 1, 1)));
    }

    [Fact]
    public void A_classifier_says_how_many_it_gets_right_and_what_it_can_do()
    {
        var summary = Summary(Digits, new ValidationResult(0.0712, 0.979, 0.979));
        var lines = summary.ToText("actortrainer", " --data-dir here").ToList();

        Assert.Equal("                   97.9 % right", lines[4]);
        Assert.Equal(["Let it predict:", "  actortrainer model predict adder-k3f9 FILE --data-dir here"], lines[^2..]);
        using var json = JsonDocument.Parse(summary.ToJson());
        Assert.Equal(0.979, json.RootElement.GetProperty("validation_accuracy").GetDouble());
        Assert.Equal(10, json.RootElement.GetProperty("epochs").GetInt64());
        Assert.False(json.RootElement.TryGetProperty("exact_sequences", out _));
    }

    [Fact]
    public void Recalled_symbols_are_counted_by_whole_sequences()
    {
        Assert.Equal("912 of 1,000 sequences recalled exactly, 99.10 % of the symbols", ValidationLine.Quality(Symbols, new ValidationResult(0.01, 0.991, 0.912)));
        Assert.Equal("nats a symbol", Symbols.Unit);
    }

    [Fact]
    public void A_forecast_stands_beside_its_baselines_in_the_units_of_the_data()
    {
        var summary = Summary(Forecast, new ValidationResult(0.25, 0, 0)) with
        {
            Evaluation = new Evaluation { Errors = { Errors("Sunspots", "model", 1), Errors("Sunspots", "last value", 3), Errors("Sunspots", "last season", 2) } },
        };

        Assert.Equal(
            """
            adder-k3f9 is trained: 600 steps in 1 min 42 s

              training loss    0.5000 squared error, in squared deviations
              validation loss  0.2500 squared error, in squared deviations
                               root mean square error 0.5000 deviations
              errors           in the data's units
                                         MAE   RMSE  MAE at horizon  RMSE at horizon
                Sunspots  model        10.00  12.35           20.00            24.00
                          last value   30.00  37.04           60.00            72.00
                          last season  20.00  24.69           40.00            48.00
              speed            1,254 sequences/s
              peak memory      312 MB
              model            /data/models/adder-k3f9.safetensors
              weights_sha256   ab12

            Forecast what comes after a table:
              actortrainer model predict adder-k3f9 FILE --plot adder-k3f9.png
            """,
            string.Join('\n', summary.ToText("actortrainer", "")));
        using var json = JsonDocument.Parse(summary.ToJson());
        var (root, season) = (json.RootElement, json.RootElement.GetProperty("baselines").GetProperty("last_season"));
        Assert.Equal((10, 20), (root.GetProperty("validation_mae").GetDouble(), root.GetProperty("validation_mae_at_horizon").GetDouble()));
        Assert.Equal((12.345678, 24), (root.GetProperty("validation_rmse").GetDouble(), root.GetProperty("validation_rmse_at_horizon").GetDouble()));
        Assert.Equal((20, 48), (season.GetProperty("validation_mae").GetDouble(), season.GetProperty("validation_rmse_at_horizon").GetDouble()));
        Assert.Equal(["last_value", "last_season"], root.GetProperty("baselines").EnumerateObject().Select(baseline => baseline.Name));
        Assert.False(root.TryGetProperty("validation_accuracy", out _));
    }

    [Fact]
    public void Several_targets_are_kept_apart_since_their_units_are()
    {
        var summary = Summary(Forecast, null) with
        {
            Evaluation = new Evaluation { Errors = { Errors("a", "model", 1), Errors("a", "last value", 3), Errors("b", "model", 2), Errors("b", "last value", 4) } },
        };

        using var json = JsonDocument.Parse(summary.ToJson());
        var b = json.RootElement.GetProperty("targets").GetProperty("b");
        Assert.False(json.RootElement.TryGetProperty("validation_mae", out _));
        Assert.Equal((20, 40), (b.GetProperty("validation_mae").GetDouble(), b.GetProperty("baselines").GetProperty("last_value").GetProperty("validation_mae").GetDouble()));
    }

    [Fact]
    public void Numbers_without_an_evaluation_are_null_in_json()
    {
        using var json = JsonDocument.Parse(Summary(Forecast with { IsForecast = false }, null).ToJson());

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("validation_mae").ValueKind);
        Assert.False(json.RootElement.TryGetProperty("baselines", out _));
    }
}
