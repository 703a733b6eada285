namespace ActorTrainer.Numerics.Networks;

/// <summary>Stands in until the scalar kernels are there.</summary>
internal static class ProvisionalFunctions
{
    public static float Exp(float x) => (float)Of(x);

    public static float Sigmoid(float x) => (float)(1 / (1 + Of(-(double)x)));

    public static float Tanh(float x) => (float)(1 - (2 / (1 + Of(2 * (double)x))));

    private static double Of(double x)
    {
        if (!(x > -700))
        {
            return double.IsNaN(x) ? x : 0;
        }

        if (x > 700)
        {
            return double.PositiveInfinity;
        }

        var n = Math.Round(x * 1.4426950408889634);
        var r = x - (n * 0.6931471805599453);
        var sum = 1.0;
        for (var k = 14; k > 0; k--)
        {
            sum = 1 + (sum * r / k);
        }

        return sum * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }
}
