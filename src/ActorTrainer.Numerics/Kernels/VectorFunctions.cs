using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>
/// The transcendental functions of a vector (B8), by polynomials of our own: the same bits at every
/// width as <see cref="ScalarKernels"/>, which defines them and states their error. For use inside
/// the loops of cells and losses.
/// </summary>
/// <remarks>
/// Polynomials are minimax fits on the reduced range (Remez exchange), rounded to float. n is rounded
/// by adding 1.5 · 2²³, which leaves it in the low bits of the sum: no conversion, no rounding mode.
/// </remarks>
public static class VectorFunctions<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        // A comparison with NaN is false, so NaN passes the clamps.
        var highest = TVector.Create(FunctionConstants.ExpHighest);
        var lowest = TVector.Create(FunctionConstants.ExpLowest);
        x = TVector.Select(TVector.GreaterThan(x, highest), highest, x);
        x = TVector.Select(TVector.LessThan(x, lowest), lowest, x);
        var n = RoundExponent(x, out var polynomial);
        var half = TVector.ShiftBitsRight(n, 1);
        return polynomial * PowerOfTwo(half) * PowerOfTwo(TVector.SubtractBits(n, half));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        // e^−|x| neither overflows nor loses the small side: σ(−a) = e⁻ᵃ / (1 + e⁻ᵃ).
        var lowest = TVector.Create(FunctionConstants.ExpLowest);
        var one = TVector.Create(1f);
        var zero = TVector.Zero;
        var negative = -TVector.Abs(x);
        negative = TVector.Select(TVector.LessThan(negative, lowest), lowest, negative);
        var n = RoundExponent(negative, out var polynomial);
        var half = TVector.ShiftBitsRight(n, 1);
        var e = polynomial * PowerOfTwo(half) * PowerOfTwo(TVector.SubtractBits(n, half));
        return TVector.Select(TVector.LessThan(x, zero), e, one) / (one + e);
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        var one = TVector.Create(1f);
        var a = TVector.Abs(x);
        var square = x * x;
        var p = TVector.FusedMultiplyAdd(
            TVector.Create(FunctionConstants.Tanh4), square, TVector.Create(FunctionConstants.Tanh3));
        p = TVector.FusedMultiplyAdd(p, square, TVector.Create(FunctionConstants.Tanh2));
        p = TVector.FusedMultiplyAdd(p, square, TVector.Create(FunctionConstants.Tanh1));
        p = TVector.FusedMultiplyAdd(p, square, TVector.Create(FunctionConstants.Tanh0));
        var small = TVector.FusedMultiplyAdd(p * square, x, x);

        // Beyond 9.1 the result rounds to 1 whatever the exponential is.
        var highest = TVector.Create(FunctionConstants.TanhHighest);
        var capped = TVector.Select(TVector.GreaterThan(a, highest), highest, a);
        var n = RoundExponent(capped + capped, out var polynomial);
        var big = one - (TVector.Create(2f) / TVector.FusedMultiplyAdd(polynomial, PowerOfTwo(n), one));
        var magnitude = TVector.Select(TVector.LessThan(a, TVector.Create(FunctionConstants.TanhSmall)), small, big);
        return TVector.OrBits(magnitude, TVector.AndBits(x, TVector.Create(-0f)));
    }

    /// <summary>The natural logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        var one = TVector.Create(1f);
        var subnormal = TVector.LessThan(x, TVector.Create(FunctionConstants.SmallestNormal));
        var scaled = TVector.Select(subnormal, x * TVector.Create(FunctionConstants.TwoTo23), x);

        // x = m · 2ⁿ with m in [√½, √2).
        var n = TVector.ShiftBitsRight(TVector.SubtractBits(scaled, TVector.CreateBits(FunctionConstants.RootHalfBits)), 23);
        var f = TVector.SubtractBits(scaled, TVector.ShiftBitsLeft(n, 23)) - one;
        var exponent = TVector.ConvertBitsToSingle(n) - TVector.AndBits(subnormal, TVector.Create(23f));
        var p = TVector.FusedMultiplyAdd(TVector.Create(FunctionConstants.Log7), f, TVector.Create(FunctionConstants.Log6));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log5));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log4));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log3));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log2));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log1));
        p = TVector.FusedMultiplyAdd(p, f, TVector.Create(FunctionConstants.Log0));
        var square = f * f;
        var rest = TVector.FusedMultiplyAdd(p * f, square, exponent * TVector.Create(FunctionConstants.Ln2Low));
        rest = TVector.FusedMultiplyAdd(TVector.Create(-0.5f), square, rest);
        var result = TVector.FusedMultiplyAdd(exponent, TVector.Create(FunctionConstants.Ln2High), f + rest);

        // Whatever is not a positive finite number: log 0 = −∞, of negatives NaN, +∞ and NaN stay.
        var zero = TVector.Zero;
        var infinity = TVector.Create(float.PositiveInfinity);
        result = TVector.Select(TVector.LessThan(x, infinity), result, x);
        result = TVector.Select(TVector.AreEqual(x, zero), TVector.Create(float.NegativeInfinity), result);
        return TVector.Select(TVector.LessThan(x, zero), TVector.Create(float.NaN), result);
    }

    /// <summary>x = n·ln 2 + r: gives n as an integer, and eʳ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector RoundExponent(TVector x, out TVector polynomial)
    {
        var rounder = TVector.Create(FunctionConstants.Rounder);
        var shifted = TVector.FusedMultiplyAdd(x, TVector.Create(FunctionConstants.Log2E), rounder);
        var n = shifted - rounder;
        var r = TVector.FusedMultiplyAdd(n, TVector.Create(-FunctionConstants.Ln2High), x);
        r = TVector.FusedMultiplyAdd(n, TVector.Create(-FunctionConstants.Ln2Low), r);
        var p = TVector.FusedMultiplyAdd(TVector.Create(FunctionConstants.Exp4), r, TVector.Create(FunctionConstants.Exp3));
        p = TVector.FusedMultiplyAdd(p, r, TVector.Create(FunctionConstants.Exp2));
        p = TVector.FusedMultiplyAdd(p, r, TVector.Create(FunctionConstants.Exp1));
        p = TVector.FusedMultiplyAdd(p, r, TVector.Create(FunctionConstants.Exp0));
        polynomial = TVector.FusedMultiplyAdd(p, r * r, r) + TVector.Create(1f);
        return TVector.SubtractBits(shifted, rounder);
    }

    /// <summary>2ⁿ for −127 &lt; n &lt; 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo(TVector n) =>
        TVector.AddBits(TVector.ShiftBitsLeft(n, 23), TVector.Create(1f));
}
