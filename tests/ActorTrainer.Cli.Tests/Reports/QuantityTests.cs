using ActorTrainer.Cli.Reports;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(-3, "0.0 s")]
    [InlineData(4.24, "4.2 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(102, "1 min 42 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(90_000, "25 h 00 min")]
    public void Times_are_written_as_one_says_them(double seconds, string written)
    {
        Assert.Equal(written, Quantity.Duration(TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(312_400_000, "312 MB")]
    public void Sizes_have_the_unit_that_keeps_them_short(double bytes, string written)
    {
        Assert.Equal(written, Quantity.Bytes(bytes));
    }

    [Theory]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    [InlineData(0.999996, "99.99 %")]
    [InlineData(0.6134, "61.3 %")]
    [InlineData(0.9961, "99.61 %")]
    [InlineData(0.5, "50.0 %")]
    public void A_share_is_a_hundred_per_cent_only_when_nothing_is_missing(double share, string written)
    {
        Assert.Equal(written, Quantity.Percent(share));
    }

    [Theory]
    [InlineData(1.52345, "1.5235")]
    [InlineData(0.00023, "2.30e-4")]
    [InlineData(0, "0.0000")]
    [InlineData(double.NaN, "NaN")]
    public void A_loss_keeps_its_digits_when_it_gets_small(double loss, string written)
    {
        Assert.Equal(written, Quantity.Loss(loss));
    }
}
