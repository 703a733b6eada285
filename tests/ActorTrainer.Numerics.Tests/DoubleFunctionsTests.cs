namespace ActorTrainer.Numerics.Tests;

public sealed class DoubleFunctionsTests
{
    private static double UnitInLastPlace(double x) => Math.BitIncrement(Math.Abs(x)) - Math.Abs(x);

    [Fact]
    public void Log_is_within_two_units_in_the_last_place()
    {
        var random = new Random(1);
        for (var i = 0; i < 400_000; i++)
        {
            // A third spread over all exponents, the rest near 1 where cancellation shows.
            var x = (i % 3) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FEF_FFFF_FFFF_FFFF)),
                1 => random.NextDouble() + 0.5,
                _ => 1 + ((random.NextDouble() - 0.5) * 1e-4),
            };
            var expected = Math.Log(x);
            Assert.InRange(Math.Abs(DoubleFunctions.Log(x) - expected), 0, 2 * UnitInLastPlace(expected));
        }
    }

    [Fact]
    public void Log_knows_its_edges()
    {
        Assert.Equal(0, DoubleFunctions.Log(1));
        Assert.Equal(double.NegativeInfinity, DoubleFunctions.Log(0));
        Assert.Equal(double.PositiveInfinity, DoubleFunctions.Log(double.PositiveInfinity));
        Assert.Equal(double.NaN, DoubleFunctions.Log(-1));
        Assert.Equal(double.NaN, DoubleFunctions.Log(double.NaN));
    }

    [Fact]
    public void Exp_is_within_one_unit_in_the_last_place()
    {
        var random = new Random(2);
        for (var i = 0; i < 400_000; i++)
        {
            // A third over the whole range, a third in the usual one, a third near 0.
            var x = (random.NextDouble() - 0.5) * (i % 3) switch { 0 => 1417, 1 => 20, _ => 1e-3 };
            var expected = Math.Exp(x);
            Assert.InRange(Math.Abs(DoubleFunctions.Exp(x) - expected), 0, UnitInLastPlace(expected));
        }
    }

    [Fact]
    public void Exp_knows_its_edges()
    {
        Assert.Equal(1, DoubleFunctions.Exp(0));
        Assert.Equal(double.MaxValue, DoubleFunctions.Exp(709.782712893384), double.MaxValue * 1e-12);
        Assert.Equal(double.PositiveInfinity, DoubleFunctions.Exp(709.7828));
        Assert.Equal(double.PositiveInfinity, DoubleFunctions.Exp(double.PositiveInfinity));
        Assert.Equal(double.Epsilon, DoubleFunctions.Exp(-745.1));
        Assert.Equal(0, DoubleFunctions.Exp(-745.3));
        Assert.Equal(0, DoubleFunctions.Exp(double.NegativeInfinity));
        Assert.Equal(double.NaN, DoubleFunctions.Exp(double.NaN));
    }

    [Fact]
    public void CosinePi_is_within_its_bound()
    {
        for (var i = 0; i <= 100_000; i++)
        {
            var x = i / 100_000.0;
            Assert.InRange(Math.Abs(DoubleFunctions.CosinePi(x) - Math.Cos(Math.PI * x)), 0, 4e-16);
        }

        Assert.Equal(0, DoubleFunctions.CosinePi(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DoubleFunctions.CosinePi(1.1));
    }

    /// <summary>The quantiles are from CPython's statistics.NormalDist().inv_cdf.</summary>
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.4, -0.2533471031357998)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.07500001, -1.4395314002947508)]
    [InlineData(0.0749, -1.4402382675279632)]
    [InlineData(0.05, -1.6448536269514726)]
    [InlineData(0.03, -1.8807936081512509)]
    [InlineData(0.0227501319481792, -2.0)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-08, -5.61200124417479)]
    public void InverseNormal_agrees_with_an_independent_source(double p, double expected)
    {
        Assert.Equal(expected, DoubleFunctions.InverseNormal(p), 1e-14 * Math.Max(1, Math.Abs(expected)));
        Assert.Equal(-expected, DoubleFunctions.InverseNormal(1 - p), 1e-14 * Math.Max(1, Math.Abs(expected)) / Math.Min(1, 100 * p));
    }
}
