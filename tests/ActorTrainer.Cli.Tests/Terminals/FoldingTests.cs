using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Tests.Terminals;

public sealed class FoldingTests
{
    [Fact]
    public void A_line_that_fits_stays_as_it_is()
    {
        Assert.Equal(["  data   sums"], Folding.Fold("  data   sums", 13));
    }

    [Fact]
    public void A_long_line_goes_on_under_its_second_column()
    {
        Assert.Equal(
            ["  data   sums of at most 12 bits;", "         judged by 1,000 sums of 32", "         bits"],
            Folding.Fold("  data   sums of at most 12 bits; judged by 1,000 sums of 32 bits", 39 - 2));
    }

    [Fact]
    public void A_line_without_columns_goes_on_a_little_to_the_right()
    {
        Assert.Equal(
            ["pausing: writing a checkpoint", "    (Ctrl-C again leaves at once)"],
            Folding.Fold("pausing: writing a checkpoint (Ctrl-C again leaves at once)", 34));
    }

    [Fact]
    public void A_word_that_cannot_fit_stays_whole()
    {
        const string Path = "/a/very/long/path/that/somebody/wants/to/copy";

        Assert.Equal(["data directory", "    " + Path, "    and more"], Folding.Fold($"data directory {Path} and more", 20));
    }

    [Fact]
    public void Nothing_is_lost_at_any_width()
    {
        const string Line = "step   250  validation loss 0.4018  84 of 1,000 sums right, 81.7 % of the bits  ";
        for (var columns = -1; columns < 100; columns++)
        {
            Assert.Equal(Words(Line), Words(string.Join(' ', Folding.Fold(Line, columns))));
        }

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void Only_a_terminal_has_a_width()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, IsLive: false, HasColor: false, () => 20);

        Assert.Single(terminal.Fold("a line that is longer than twenty columns"));
        Assert.Equal(3, (terminal with { IsLive = true }).Fold("a line that is longer than twenty columns").Count);
    }
}
