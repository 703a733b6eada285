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
    public void Lines_break_where_the_model_broke_them_and_long_ones_end_in_an_ellipsis()
    {
        Assert.Equal(
            ["    │ The store, Invaria…", "    │ next"],
            SampleBlock.Format("The store, Invariant\n\nnext\nand more", 25, 2));
    }

    [Fact]
    public void Wide_characters_take_two_columns_and_none_is_cut_in_two()
    {
        Assert.Equal(["    │ 千里之行，…"], SampleBlock.Format("千里之行，始于足下。", 17, 3));
        Assert.Equal(["    │ 😀😀😀😀😀…"], SampleBlock.Format(string.Concat(Enumerable.Repeat("😀", 30)), 18, 3));
    }

    [Fact]
    public void A_model_cannot_steer_the_terminal()
    {
        Assert.Equal("[2Jred\nnext", SampleBlock.Clean("\e[2Jre\u0007d\r\nne\u009Bxt"));
        Assert.Equal("abc", SampleBlock.Clean("a\u202Eb\u2028\uFEFFc"));
    }
}
