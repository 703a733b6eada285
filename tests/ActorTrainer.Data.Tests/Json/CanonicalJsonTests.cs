using System.Globalization;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Tests.Json;

public sealed class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B: bit patterns and what ECMAScript writes for them.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Writes_numbers_as_the_RFCs_appendix_B_says(ulong bits, string expected) =>
        Assert.Equal(expected, CanonicalJson.Number(BitConverter.UInt64BitsToDouble(bits)));

    [Theory]
    [InlineData(1, "1")]
    [InlineData(-1, "-1")]
    [InlineData(0.1, "0.1")]
    [InlineData(100, "100")]
    [InlineData(1e-8, "1e-8")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.000123, "0.000123")]
    public void Writes_everyday_numbers_as_one_expects(double value, string expected) =>
        Assert.Equal(expected, CanonicalJson.Number(value));

    [Fact]
    public void Writes_numbers_that_are_read_back_to_the_bit()
    {
        var random = new Random(8785);
        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(CanonicalJson.Number(value), CultureInfo.InvariantCulture));
            }
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Refuses_what_JSON_cannot_say(double value) => Assert.Throws<FormatException>(() => CanonicalJson.Number(value));

    /// <summary>The example of RFC 8785, 3.2.2 to 3.2.4.</summary>
    [Fact]
    public void Writes_the_RFCs_example_as_the_RFC_does() => Assert.Equal(
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
        CanonicalJson.Of(
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    /// <summary>The sorting example of RFC 8785, 3.2.3.</summary>
    [Fact]
    public void Sorts_names_by_their_UTF_16_units()
    {
        var canonical = CanonicalJson.Of(
            """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);

        string[] order = ["Carriage Return", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        var places = order.Select(name => canonical.IndexOf(name, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Is_its_own_canonical_form()
    {
        var once = CanonicalJson.Of("""{ "b" : [ 1.0, { } , [] ], "a" : "\u0007\t\u007f" }""");

        Assert.Equal("{\"a\":\"\\u0007\\t\u007f\",\"b\":[1,{},[]]}", once);
        Assert.Equal(once, CanonicalJson.Of(once));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[1,]")]
    [InlineData("[1e400]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("// comment\n1")]
    [InlineData("NaN")]
    public void Refuses_what_has_no_canonical_form(string json) => Assert.Throws<FormatException>(() => CanonicalJson.Of(json));
}
