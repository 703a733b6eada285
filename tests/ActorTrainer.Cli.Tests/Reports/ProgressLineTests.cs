using ActorTrainer.Cli.Reports;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class ProgressLineTests
{
    private static ProgressTracker HalfWay()
    {
        var progress = new ProgressTracker(2_000);
        progress.Step(1, 4.5, 1_200, TimeSpan.FromSeconds(1));
        progress.Step(1_001, 1.62341, 1_265.4, TimeSpan.FromSeconds(51));
        return progress;
    }

    [Fact]
    public void A_terminal_sees_a_bar_and_what_is_left()
    {
        Assert.Equal(
            "1,001 / 2,000  ━━━━━━━━━━━━━━━───────────────   50 %  loss 1.6234  ETA 50 s  1,265 seq/s",
            ProgressLine.Live(HalfWay(), 120));
    }

    [Theory]
    [InlineData(90, "1,001 / 2,000  ━━━━━━━━━━━━━━━───────────────   50 %  loss 1.6234  ETA 50 s  1,265 seq/s")]
    [InlineData(70, "1,001 / 2,000  ━━━━━━──────   50 %  loss 1.6234  ETA 50 s  1,265 seq/s")]
    [InlineData(58, "1,001 / 2,000  50 %  loss 1.6234  ETA 50 s  1,265 seq/s")]
    [InlineData(39, "1,001 / 2,000  50 %  loss 1.6234")]
    [InlineData(24, "1,001 / 2,000  50 %")]
    public void A_narrow_terminal_sees_the_numbers_before_the_bar(int width, string line)
    {
        Assert.Equal(line, ProgressLine.Live(HalfWay(), width));
    }

    [Fact]
    public void A_pipe_sees_a_sentence()
    {
        Assert.Equal(
            "step 1,001 of 2,000 (50 %)  loss 1.6234  50 s left  1,265 sequences/s",
            ProgressLine.Plain(HalfWay()));
    }

    [Fact]
    public void Before_the_first_step_nothing_is_made_up()
    {
        Assert.Equal("step 0 of 2,000 (0 %)", ProgressLine.Plain(new ProgressTracker(2_000)));
    }

    [Fact]
    public void The_line_never_wraps_at_any_width()
    {
        for (var width = 0; width < 140; width++)
        {
            Assert.InRange(ProgressLine.Live(HalfWay(), width).Length, 0, width);
        }
    }

    [Fact]
    public void A_hundred_per_cent_means_the_end()
    {
        var progress = new ProgressTracker(2_000);
        progress.Step(1_999, 1, 1_000, TimeSpan.FromSeconds(1));

        Assert.Contains("99 %", ProgressLine.Plain(progress), StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_left_counts_the_watched_pace_and_not_the_steps_before_it()
    {
        var progress = new ProgressTracker(1_000);
        progress.StartAt(900);
        progress.Step(901, 1, 64, TimeSpan.FromSeconds(10));
        progress.Step(911, 1, 64, TimeSpan.FromSeconds(15));

        Assert.Equal(2, progress.StepsPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(44.5), progress.TimeLeft);
    }

    [Fact]
    public void A_pause_does_not_count_as_slowness()
    {
        var progress = new ProgressTracker(1_000);
        progress.Step(1, 1, 64, TimeSpan.FromSeconds(1));
        progress.Interrupted();
        progress.Step(2, 1, 64, TimeSpan.FromHours(1));
        progress.Step(12, 1, 64, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        Assert.Equal(10, progress.StepsPerSecond, 6);
    }

    [Theory]
    [InlineData(0, "epoch 1 of 10")]
    [InlineData(600, "epoch 1 of 10")]
    [InlineData(601, "epoch 2 of 10")]
    [InlineData(6_000, "epoch 10 of 10")]
    public void A_run_of_epochs_says_in_which_it_is(long step, string epoch)
    {
        var progress = new ProgressTracker(6_000, 10);
        progress.Step(step, 0.5, 0, TimeSpan.Zero);

        Assert.Contains($"{epoch}  loss 0.5000", ProgressLine.Plain(progress), StringComparison.Ordinal);
        Assert.Contains($"  {epoch}  loss 0.5000", ProgressLine.Live(progress, 100), StringComparison.Ordinal);
    }
}
