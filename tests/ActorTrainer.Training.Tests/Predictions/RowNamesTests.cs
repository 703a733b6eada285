using ActorTrainer.Training.Predictions;

namespace ActorTrainer.Training.Tests.Predictions;

public sealed class RowNamesTests
{
    [Theory]
    [InlineData("1960-11 1960-12", "1961-01 1961-02")]
    [InlineData("1960-07 1960-10", "1961-01 1961-04")]
    [InlineData("2024-02-28 2024-02-29", "2024-03-01 2024-03-02")]
    [InlineData("2023-11-30 2023-12-31 2024-01-31", "2024-02-29 2024-03-31")]
    [InlineData("2023-11-05 2023-12-05 2024-01-05", "2024-02-05 2024-03-05")]
    [InlineData("2023/12/24 2023/12/31", "2024/01/07 2024/01/14")]
    [InlineData("1999 2000 2001", "2002 2003")]
    [InlineData("-4 -2", "0 2")]
    [InlineData("2024-01-01T22:00 2024-01-01T23:00", "2024-01-02T00:00 2024-01-02T01:00")]
    [InlineData("2024-01-01 2024-01-02 2024-01-04", "+1 +2")]
    [InlineData("007 008", "+1 +2")]
    [InlineData("monday tuesday", "+1 +2")]
    [InlineData("5 5", "+1 +2")]
    [InlineData("9999-11 9999-12", "+1 +2")]
    [InlineData("2024-13 2024-14", "+1 +2")]
    public void Go_on_where_their_rule_is_plain(string names, string expected) =>
        Assert.Equal(expected.Split(' '), RowNames.After([.. names.Split(' ')], 2));

    [Fact]
    public void Count_where_there_are_none() => Assert.Equal("1 2", string.Join(' ', RowNames.After([], 2)));
}
