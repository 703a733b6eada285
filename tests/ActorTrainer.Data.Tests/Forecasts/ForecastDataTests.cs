using System.Globalization;
using System.Text;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Forecasts;

public sealed class ForecastDataTests
{
    // Ten rows; x counts 1, 2, …; y = 100 x.
    private static readonly string Counting =
        "t,x,y\n" + string.Concat(Enumerable.Range(1, 10).Select(n => $"m{n},{n},{100 * n}\n"));

    private static readonly ForecastOptions Plain = new(["x"], Window: 2) { Horizon = 2, ValidationFraction = 0.3, Standardize = false };

    private static ForecastData Data(ForecastOptions options, string? csv = null, Head head = Head.LastStep, int batchSize = 4) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(csv ?? Counting)), options, head, batchSize, seed: 7, DataLimits.Default);

    private static InvalidDataSetException Refused(ForecastOptions options, string? csv = null) =>
        Assert.Throws<InvalidDataSetException>(() => Data(options, csv));

    private static SequenceBatch Training(ForecastData data, long step)
    {
        var batch = Batches.For(data);
        data.FillTraining(batch, step, Batches.AllRows(data.TrainingRows(step)));
        return batch;
    }

    private static SequenceBatch Validation(ForecastData data, long validationBatch)
    {
        var batch = Batches.For(data);
        data.FillValidation(batch, validationBatch, Batches.AllRows(data.ValidationRows(validationBatch)));
        return batch;
    }

    private static float[] Column(Span<float> timeMajor, int row, int rows) => [.. timeMajor.ToArray().Where((_, i) => i % rows == row)];

    [Fact]
    public void Trains_on_every_window_before_the_validation_part_once_an_epoch()
    {
        var data = Data(Plain);

        // Seven rows to train on: 1 2 → 3 4 to 4 5 → 6 7.
        Assert.Equal((4, 1L, 7), (data.TrainingWindows, data.StepsPerEpoch, data.FirstValidationRow));
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var batch = Training(data, epoch);
            Assert.Equal((2, 4, 1), (batch.Time, batch.Rows, batch.TargetTime));
            var windows = Enumerable.Range(0, 4)
                .Select(row => (Seen: Column(batch.Features, row, 4), Ahead: batch.Targets.Slice(2 * row, 2).ToArray()))
                .OrderBy(window => window.Seen[0])
                .ToArray();
            for (var w = 0; w < 4; w++)
            {
                Assert.Equal([w + 1f, w + 2f], windows[w].Seen);
                Assert.Equal([w + 3f, w + 4f], windows[w].Ahead);
            }

            Assert.All(batch.TargetWeights.ToArray(), weight => Assert.Equal(1f, weight));
        }
    }

    [Fact]
    public void Ends_an_epoch_with_a_short_batch()
    {
        var data = Data(Plain, batchSize: 3);

        Assert.Equal((2L, 3, 1, 3), (data.StepsPerEpoch, data.TrainingRows(0), data.TrainingRows(1), data.TrainingRows(2)));
        var starts = new[] { data.TrainingWindowStart(0, 0), data.TrainingWindowStart(0, 1), data.TrainingWindowStart(0, 2), data.TrainingWindowStart(1, 0) };
        Assert.Equal([0, 1, 2, 3], starts.Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillTraining(Batches.For(data), 1, [1]));
    }

    [Fact]
    public void Validates_on_every_window_whose_targets_lie_in_the_validation_part()
    {
        var data = Data(Plain);
        var batch = Validation(data, 0);

        Assert.Equal((1L, 2, 2), (data.ValidationBatches, data.ValidationWindows, batch.Rows));
        Assert.Equal([6f, 7f], Column(batch.Features, 0, 2));
        Assert.Equal([8f, 9f, 9f, 10f], batch.Targets.ToArray());
        Assert.Equal([8.0, 9.0], data.Actual(0).ToArray());
        Assert.Equal((8, 9), ((int)data.Values(data.FirstTargetRow(0), 1)[0], (int)data.Values(data.FirstTargetRow(1), 1)[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FirstTargetRow(2));
    }

    [Fact]
    public void Has_the_rows_after_each_step_as_its_targets_where_outputs_are_at_every_step()
    {
        var data = Data(Plain, head: Head.EveryStep, batchSize: 1);
        var batch = Training(data, 0);

        var first = batch.Features[0];
        Assert.Equal([first, first + 1], batch.Features.ToArray());
        Assert.Equal([first + 1, first + 2, first + 2, first + 3], batch.Targets.ToArray());
        Assert.Equal([1f, 1f], batch.TargetWeights.ToArray());
        Assert.Equal([0f, 1f], Validation(data, 1).TargetWeights.ToArray());
        Assert.Equal([8f, 9f, 9f, 10f], Validation(data, 1).Targets.ToArray());
    }

    [Fact]
    public void Puts_further_columns_behind_the_targets_and_orders_outputs_by_step_then_target()
    {
        var csv = "a,b,c\n" + string.Concat(Enumerable.Range(1, 10).Select(n => $"{n},{10 * n},{100 * n}\n"));
        var data = Data(Plain with { Targets = ["c", "a"], Inputs = ["b"] }, csv, batchSize: 1);
        var batch = Validation(data, 0);

        Assert.Equal((3, 4), (data.InputSize, data.Outputs));
        Assert.Equal([600f, 6f, 60f, 700f, 7f, 70f], batch.Features.ToArray());
        Assert.Equal([800f, 8f, 900f, 9f], batch.Targets.ToArray());
        Assert.Equal(["c", "a", "b"], data.Schema.Features.Select(column => column.Name));
        Assert.Equal(["c", "a"], data.Schema.Targets.Select(column => column.Name));
        Assert.Equal(data.Schema, DataSchema.FromJson(data.Schema.ToJson()));
    }

    [Fact]
    public void Standardises_by_the_training_part_alone()
    {
        var data = Data(Plain with { Standardize = true, Inputs = ["y"] });

        // 1 … 7: mean 4, squares 9 + 4 + 1 + 0 + 1 + 4 + 9 = 28, over 7.
        Assert.Equal([new ColumnScale("x", 4, 2), new ColumnScale("y", 400, 200)], data.Schema.Features.AsEnumerable());
        Assert.Equal([2f, 2.5f], Validation(data, 0).Targets[..2].ToArray());
    }

    [Fact]
    public void Leaves_a_constant_column_in_peace()
    {
        var csv = "x\n" + string.Concat(Enumerable.Repeat("0.1\n", 10));
        Assert.Equal([new ColumnScale("x", 0.1, 1)], Data(Plain with { Standardize = true }, csv).Schema.Targets.AsEnumerable());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 12)]
    public void Turns_the_targets_back_into_the_values_they_came_from(bool log, int difference)
    {
        var random = new Random(5);
        var csv = "x,z\n" + string.Concat(Enumerable.Range(0, 80).Select(_ =>
            string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(random.NextDouble() * 4)},{1 + random.NextDouble()}\n")));
        var options = new ForecastOptions(["x", "z"], Window: 5) { Horizon = 6, Log = log, Difference = difference };
        var data = Data(options, csv);
        var (values, window) = (new double[12], 0);
        for (var b = 0L; b < data.ValidationBatches; b++)
        {
            var batch = Validation(data, b);
            for (var row = 0; row < batch.Rows; row++, window++)
            {
                data.Predict(window, batch.Targets.Slice(row * 12, 12), values);
                for (var i = 0; i < 12; i++)
                {
                    Assert.InRange(values[i] / data.Actual(window)[i], 1 - 2e-6, 1 + 2e-6);
                }
            }
        }

        Assert.Equal(16 - 6 + 1, window);
    }

    [Fact]
    public void Learns_the_change_of_the_logarithm_over_a_season()
    {
        var data = Data(Plain with { Log = true, Difference = 2 });

        Assert.Equal(2, data.TrainingWindows);
        Assert.Equal((float)(Math.Log(8) - Math.Log(6)), Validation(data, 0).Targets[0]);
        Assert.Equal([(float)(Math.Log(6) - Math.Log(4)), (float)(Math.Log(7) - Math.Log(5))], Column(Validation(data, 0).Features, 0, 2));
    }

    [Theory]
    [InlineData(MissingValues.Previous, 2, 4)]
    [InlineData(MissingValues.Mean, 3, 3)]
    public void Fills_what_is_missing(MissingValues missing, double second, double last)
    {
        // Trained on 2 ? 4 ? 2 4: mean 3.
        var data = Data(
            new(["x"], Window: 1) { Table = TableFormat.Default with { Missing = missing }, ValidationFraction = 0.25 }, "x,y\n2,1\n,2\n4,3\nNA,4\n2,5\n4,6\n9,7\n9,8\n");

        Assert.Equal([2, second, 4, last, 2, 4, 9, 9], data.Values(0, 8).ToArray());
        Assert.True(missing != MissingValues.Mean || data.Schema.Targets[0] == new ColumnScale("x", 3, 1));
    }

    [Fact]
    public void Knows_the_names_of_its_rows() => Assert.Equal("m8", Data(Plain with { Time = "t" }).TimeOf(7));

    [Fact]
    public void Says_what_is_wrong_with_the_data()
    {
        Assert.Equal(
            "The table has 7 rows to train on (3 more are kept for validation); difference 0, window 6 and horizon 2 need at least 8, which is their sum.",
            Refused(Plain with { Window = 6 }).Message);
        Assert.StartsWith("validation_fraction 0.1 leaves 1 of 10 rows for validation; horizon 2", Refused(Plain with { ValidationFraction = 0.1 }).Message, StringComparison.Ordinal);
        Assert.StartsWith("season is 8;", Refused(Plain with { Season = 8 }).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Row 3, column x: 0 has no logarithm; with log every value must be above 0.\nRow 4, column x: -2 has no logarithm; with log every value must be above 0.",
            Refused(Plain with { Log = true }, "x\n1\n0\n-2\n" + Ones(8)).Message);
        Assert.Equal("Row 3, column x: 1E+300 is beyond what the network can see (a number of 32 bits).", Refused(Plain, "x\n1\n1e300\n" + Ones(8)).Message);
        Assert.Contains("cannot be standardised", Refused(Plain with { Standardize = true }, "x\n1e308\n1e308\n-1e308\n" + Ones(8)).Message, StringComparison.Ordinal);
        var previous = Plain with { Table = TableFormat.Default with { Missing = MissingValues.Previous } };
        Assert.Equal("Row 2, column x: the value is missing, and there is none before it.", Refused(previous, "x,y\n,1\n" + string.Concat(Enumerable.Repeat("1,1\n", 9))).Message);

        static string Ones(int count) => string.Concat(Enumerable.Repeat("1\n", count));
    }

    [Fact]
    public void Says_what_is_wrong_with_the_options()
    {
        Assert.Throws<ArgumentException>(() => Data(Plain with { Targets = [] }));
        Assert.Throws<ArgumentException>(() => Data(Plain with { Inputs = ["x"] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(Plain with { Window = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(Plain with { Horizon = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data(Plain with { ValidationFraction = 1 }));
    }

    [Fact]
    public void Fills_without_allocating() => Assert.Equal(0, Batches.AllocatedBy(Data(Plain with { Inputs = ["y"] })));

    [Fact]
    public void Fills_the_same_row_the_same_whoever_asks()
    {
        var data = Data(Plain, batchSize: 4);
        var (whole, one) = (Training(data, 5), Batches.For(data));
        data.FillTraining(one, 5, [2]);

        Assert.Equal(Column(whole.Features, 2, 4), one.Features.ToArray());
        Assert.Equal(whole.Targets.Slice(4, 2).ToArray(), one.Targets.ToArray());
    }
}
