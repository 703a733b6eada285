using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class StatusDisplayTests
{
    private static (StatusDisplay Display, StringWriter Written) Display(bool isLive)
    {
        var written = new StringWriter { NewLine = "\n" };
        return (new StatusDisplay(new Terminal(TextWriter.Null, written, isLive, HasColor: false, () => 80)), written);
    }

    [Fact]
    public void A_line_pushes_the_live_one_down()
    {
        var (display, written) = Display(isLive: true);

        display.Live("10 %");
        display.Write("validation");
        display.Live("20 %");
        display.EndLive();

        Assert.Equal("\r\e[K10 %\r\e[Kvalidation\n10 %\r\e[K20 %\r\e[K", written.ToString());
    }

    [Fact]
    public void A_pipe_gets_lines_and_no_control_characters()
    {
        var (display, written) = Display(isLive: false);

        display.Live("10 %");
        display.Write("validation");
        display.EndLive();

        Assert.Equal("validation\n", written.ToString());
    }
}
