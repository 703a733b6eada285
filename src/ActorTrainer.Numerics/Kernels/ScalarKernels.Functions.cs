namespace ActorTrainer.Numerics.Kernels;

/// <summary>The definition of every kernel: loops a reader can check against the formula.</summary>
public static partial class ScalarKernels
{
    /// <summary>
    /// Bound of the error of <see cref="Exp(float)"/> in units of the last place of the exact value; 1.0095
    /// is the largest of all floats, at −59.92188.
    /// </summary>
    public const double ExpError = 1.02;

    /// <summary>Bound of the error of <see cref="Sigmoid(float)"/> in units of the last place of the exact value.</summary>
    public const double SigmoidError = 2.5;

    /// <summary>Bound of the error of <see cref="Tanh(float)"/> in units of the last place of the exact value.</summary>
    public const double TanhError = 1.5;

    /// <summary>Bound of the error of <see cref="Log(float)"/> in units of the last place of the exact value.</summary>
    public const double LogError = 0.9;

    /// <summary>eˣ, within <see cref="ExpError"/>; +∞ above 88.73, gradually to 0 below −87.3; NaN stays.</summary>
    public static float Exp(float x)
    {
        x = x > FunctionConstants.ExpHighest ? FunctionConstants.ExpHighest : x;
        x = x < FunctionConstants.ExpLowest ? FunctionConstants.ExpLowest : x;
        var (polynomial, n) = ReducedExp(x);

        // Two factors, so that 2ⁿ may lie beyond the exponents of a float.
        return polynomial * PowerOfTwo(n >> 1) * PowerOfTwo(n - (n >> 1));
    }

    /// <summary>1 / (1 + e⁻ˣ), within <see cref="SigmoidError"/>, in [0, 1]; NaN stays.</summary>
    public static float Sigmoid(float x)
    {
        var negative = -MathF.Abs(x);
        negative = negative < FunctionConstants.ExpLowest ? FunctionConstants.ExpLowest : negative;
        var (polynomial, n) = ReducedExp(negative);
        var e = polynomial * PowerOfTwo(n >> 1) * PowerOfTwo(n - (n >> 1));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /// <summary>The hyperbolic tangent, within <see cref="TanhError"/>, in [−1, 1]; NaN stays.</summary>
    public static float Tanh(float x)
    {
        var a = MathF.Abs(x);
        if (a < FunctionConstants.TanhSmall)
        {
            var square = x * x;
            var p = MathF.FusedMultiplyAdd(FunctionConstants.Tanh4, square, FunctionConstants.Tanh3);
            p = MathF.FusedMultiplyAdd(p, square, FunctionConstants.Tanh2);
            p = MathF.FusedMultiplyAdd(p, square, FunctionConstants.Tanh1);
            p = MathF.FusedMultiplyAdd(p, square, FunctionConstants.Tanh0);

            // The sign again, for −0.
            return MathF.CopySign(MathF.FusedMultiplyAdd(p * square, x, x), x);
        }

        var capped = a > FunctionConstants.TanhHighest ? FunctionConstants.TanhHighest : a;
        var (polynomial, n) = ReducedExp(capped + capped);
        var big = 1f - (2f / MathF.FusedMultiplyAdd(polynomial, PowerOfTwo(n), 1f));
        return float.IsNegative(x) ? -big : big;
    }

    /// <summary>The natural logarithm, within <see cref="LogError"/>; −∞ at 0, NaN below, +∞ and NaN stay.</summary>
    public static float Log(float x)
    {
        if (!(x > 0f && x < float.PositiveInfinity))
        {
            return x == 0f ? float.NegativeInfinity : x < 0f ? float.NaN : x;
        }

        var subnormal = x < FunctionConstants.SmallestNormal;
        var bits = BitConverter.SingleToInt32Bits(subnormal ? x * FunctionConstants.TwoTo23 : x);
        var n = (bits - FunctionConstants.RootHalfBits) >> 23;
        var f = BitConverter.Int32BitsToSingle(bits - (n << 23)) - 1f;
        var exponent = n - (subnormal ? 23f : 0f);
        var p = MathF.FusedMultiplyAdd(FunctionConstants.Log7, f, FunctionConstants.Log6);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log5);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log4);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log3);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log2);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log1);
        p = MathF.FusedMultiplyAdd(p, f, FunctionConstants.Log0);
        var square = f * f;
        var rest = MathF.FusedMultiplyAdd(p * f, square, exponent * FunctionConstants.Ln2Low);
        rest = MathF.FusedMultiplyAdd(-0.5f, square, rest);
        return MathF.FusedMultiplyAdd(exponent, FunctionConstants.Ln2High, f + rest);
    }

    /// <summary>x = n·ln 2 + r: eʳ and n.</summary>
    private static (float Polynomial, int N) ReducedExp(float x)
    {
        var shifted = MathF.FusedMultiplyAdd(x, FunctionConstants.Log2E, FunctionConstants.Rounder);
        var n = shifted - FunctionConstants.Rounder;
        var r = MathF.FusedMultiplyAdd(n, -FunctionConstants.Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -FunctionConstants.Ln2Low, r);
        var p = MathF.FusedMultiplyAdd(FunctionConstants.Exp4, r, FunctionConstants.Exp3);
        p = MathF.FusedMultiplyAdd(p, r, FunctionConstants.Exp2);
        p = MathF.FusedMultiplyAdd(p, r, FunctionConstants.Exp1);
        p = MathF.FusedMultiplyAdd(p, r, FunctionConstants.Exp0);
        var polynomial = MathF.FusedMultiplyAdd(p, r * r, r) + 1f;
        var integer = BitConverter.SingleToInt32Bits(shifted) - BitConverter.SingleToInt32Bits(FunctionConstants.Rounder);
        return (polynomial, integer);
    }

    private static float PowerOfTwo(int n) =>
        BitConverter.Int32BitsToSingle((n << 23) + BitConverter.SingleToInt32Bits(1f));
}
