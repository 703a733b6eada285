using ActorTrainer.Cli.Reports;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class SampleBlockTests
{
    [Fact]
    public void A_sample_stands_behind_a_rule_without_blank_lines()
    {
        Assert.Equal(
            ["    │ public int Sum()", "    │ {", "    │     return 0;"],
            SampleBlock.Format("\npublic int Sum()\n{\n\n\treturn 0;  \n}\n", 80, 3));
    }

    [Fact]
    public void Long_lines_are_folded_and_no_character_is_cut_in_two()
    {
        var lines = SampleBlock.Format(string.Concat(Enumerable.Repeat("😀", 30)), 17, 3);

        Assert.All(lines, line => Assert.InRange(line.Length, 7, 17));
        Assert.All(lines, line => Assert.DoesNotContain('\uFFFD', line));
        Assert.All(lines, line => Assert.Equal(0, line.Count(char.IsSurrogate) % 2));
    }

    [Fact]
    public void A_model_cannot_steer_the_terminal()
    {
        Assert.Equal("[2Jred\nnext", SampleBlock.Clean("\e[2Jre\u0007d\r\nne\u009Bxt"));
    }
}
