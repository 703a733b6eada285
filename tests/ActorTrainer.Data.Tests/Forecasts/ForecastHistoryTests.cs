using System.Text;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Forecasts;

public sealed class ForecastHistoryTests
{
    private static readonly string[] Rows = [.. Enumerable.Range(1, 20).Select(n => $"m{n},{n * n},{n % 3}\n")];

    private static readonly ForecastOptions Options = new(["x"], Window: 3)
    {
        Inputs = ["y"],
        Horizon = 2,
        Log = true,
        Difference = 2,
        Time = "t",
        Table = TableFormat.Default with { Missing = MissingValues.Mean },
    };

    private static MemoryStream Csv(IEnumerable<string> rows) => new(Encoding.UTF8.GetBytes("t,x,y\n" + string.Concat(rows)));

    private static ForecastData Trained(ForecastOptions options) => new(Csv(Rows), options, Head.LastStep, 4, 1, DataLimits.Default);

    private static ForecastHistory Recent(IEnumerable<string> rows, ForecastOptions? options = null) =>
        ForecastHistory.Read(Csv(rows), options ?? Options, Trained(options ?? Options).Schema, DataLimits.Default);

    [Fact]
    public void Shows_the_network_what_validation_showed_it_and_turns_its_outputs_into_the_same_values()
    {
        var data = Trained(Options);
        var (validation, recent) = (Batches.For(data), Batches.For(data));
        data.FillValidation(validation, 0, [2]);
        var expected = new double[2];
        data.Predict(2, [0.5f, -1f], expected);

        var end = data.FirstTargetRow(2);
        var history = Recent(Rows[(end - 5)..end]);
        history.Fill(recent);

        Assert.Equal(validation.Features.ToArray(), recent.Features.ToArray());
        Assert.Equal([0f], recent.TargetWeights.ToArray());
        Assert.Equal(expected, history.Restore([0.5f, -1f]));
        Assert.Equal("m18", history.TimeOf(history.Rows - 1));
        Assert.Equal(18.0 * 18, history.Values(history.Rows - 1, 1)[0]);
    }

    [Fact]
    public void Takes_rows_that_come_from_elsewhere_and_fills_what_is_missing_in_them()
    {
        var schema = Trained(Options).Schema;
        var table = Table.OfNumbers([("x", [1, 2, 3, 4, double.NaN]), ("y", [1, 1, 1, 1, double.NaN])]);

        var history = new ForecastHistory(table, Options, schema);
        var batch = Batches.For(Trained(Options));
        history.Fill(batch);

        Assert.Equal(3 * Math.Exp(schema.Targets[0].Mean), history.Values(4, 1)[0], 1e-12);
        Assert.Equal(0f, batch.Features[4], 1e-6f);
        Assert.Equal(0f, batch.Features[5]);
        Assert.Null(history.TimeOf(0));
    }

    [Fact]
    public void Needs_a_window_and_the_difference()
    {
        var refusal = Assert.Throws<InvalidDataSetException>(() => Recent(Rows[..4]));
        Assert.Equal("The table has 4 rows; a forecast needs the last 5: a window of 3, and 2 before it for the difference.", refusal.Message);
    }

    [Fact]
    public void Cannot_fill_with_a_mean_that_the_model_does_not_know()
    {
        var options = Options with { Standardize = false };
        var refusal = Assert.Throws<InvalidDataSetException>(() => Recent([.. Rows[..8], "m,,1\n"], options));
        Assert.Contains("does not know their mean", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_the_schema_of_another_model() => Assert.Throws<ArgumentException>(() =>
        ForecastHistory.Read(Csv(Rows), Options with { Horizon = 3 }, Trained(Options).Schema, DataLimits.Default));
}
