namespace ActorTrainer.Numerics.Tests;

/// <summary>Floats that a kernel may meet, and comparison by bits.</summary>
internal static class Bits
{
    private static readonly float[] Special =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, -5e-39f, 1e-40f, 1f, -1f, 0.55f, -0.54999995f,
        88.7f, 88.8f, -87.5f, -103f, -104.5f, 1e4f, -1e4f, float.MaxValue, -float.MaxValue, 3e38f,
    ];

    private static readonly float[] NotFinite = [float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    public static TheoryData<VectorWidth> Widths => [VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512];

    /// <summary>Mostly of size 10, some subnormal, zero or huge.</summary>
    public static float[] Floats(int seed, int length, bool withNotFinite = false)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = random.Next(withNotFinite ? 11 : 10) switch
            {
                9 => Special[random.Next(Special.Length)],
                10 => NotFinite[random.Next(NotFinite.Length)],
                8 => (random.NextSingle() - 0.5f) * 1e-38f,
                _ => (random.NextSingle() - 0.5f) * 20f,
            };
        }

        return values;
    }

    /// <summary>Of size 1, one in eight subnormal: for sums that stay finite.</summary>
    public static float[] Small(int seed, int length)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * (random.Next(8) == 0 ? 1e-38f : 2f);
        }

        return values;
    }

    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!Same(expected[i], actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R} and should be {expected[i]:R}");
            }
        }
    }

    /// <summary>Equal bits, or both NaN: which NaN it is says nothing.</summary>
    public static bool Same(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
