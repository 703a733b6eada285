using ActorTrainer.Cli.Predictions;

namespace ActorTrainer.Cli.Tests.Predictions;

public sealed class ForecastChartTests
{
    private static ForecastSeries Series(int past, int ahead, Func<int, double> value) => new(
        "sales",
        [.. Enumerable.Range(0, past + ahead).Select(row => $"{2000 + (row / 12)}-{(row % 12) + 1:00}")],
        [.. Enumerable.Range(0, past + ahead).Select(value)],
        past);

    [Fact]
    public void Draws_past_and_forecast_with_their_names()
    {
        var lines = ForecastChart.Lines(Series(36, 12, row => 100 + (10 * (row % 12 < 6 ? row % 12 : 12 - (row % 12)))), columns: 60);

        Assert.Equal(File.ReadAllText(Golden), string.Join('\n', lines) + "\n");
    }

    private static string Golden => RepositoryRoot.File("tests/ActorTrainer.Cli.Tests/Predictions/forecast-chart.txt");

    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    [InlineData(80)]
    [InlineData(400)]
    public void Fits_the_terminal(int columns)
    {
        var lines = ForecastChart.Lines(Series(100, 7, row => Math.Sin(row) * 1e5), columns);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, Math.Max(columns, 32)));
        Assert.Equal(15, lines.Count);
    }

    [Fact]
    public void Draws_what_hardly_varies_and_what_is_no_number()
    {
        Assert.Equal(15, ForecastChart.Lines(Series(5, 1, _ => 7), 60).Count);
        Assert.Equal(15, ForecastChart.Lines(Series(1, 1, row => row == 0 ? double.NaN : double.PositiveInfinity), 60).Count);
        Assert.Equal(15, ForecastChart.Lines(Series(5, 3, row => row == 7 ? double.NaN : 1e-12 * row), 60).Count);
        Assert.Equal(15, ForecastChart.Lines(Series(5, 3, row => 1e300 * row), 60).Count);
    }

    [Fact]
    public void The_forecast_alone_is_emphasised()
    {
        var lines = ForecastChart.Lines(Series(10, 10, row => row), 60, strong: text => $"<{text}>");

        Assert.Contains(lines, line => line.Contains('<', StringComparison.Ordinal));
        Assert.All(lines.Where(line => line.Contains('<', StringComparison.Ordinal)), line => Assert.EndsWith(">", line));
    }
}
