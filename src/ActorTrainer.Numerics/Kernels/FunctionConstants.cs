namespace ActorTrainer.Numerics.Kernels;

/// <summary>Constants of exp, sigmoid, tanh and log, shared by the scalar definitions and the vectors.</summary>
internal static class FunctionConstants
{
    /// <summary>1.5 · 2²³: a sum with it is rounded to an integer.</summary>
    public const float Rounder = 12582912f;

    public const float Log2E = 1.44269504f;

    /// <summary>ln 2 in two parts; the first has 10 bits, so that n times it is exact.</summary>
    public const float Ln2High = 0.693359375f;

    public const float Ln2Low = -2.12194440e-4f;

    /// <summary>Above it e^x is +∞, below the other it is 0; both ends are reached by the same formula.</summary>
    public const float ExpHighest = 89f;

    public const float ExpLowest = -104f;

    // (eʳ − 1 − r) / r² on |r| ≤ ½ ln 2, relative error of eʳ 3.1e-9.
    public const float Exp0 = 0.49999994f;
    public const float Exp1 = 0.16666521f;
    public const float Exp2 = 0.04166839f;
    public const float Exp3 = 0.008368745f;
    public const float Exp4 = 0.001381454f;

    public const float TanhSmall = 0.55f;

    public const float TanhHighest = 9.1f;

    // (tanh x − x) / x³ in x² on |x| ≤ 0.55, relative error of tanh 1.0e-9.
    public const float Tanh0 = -0.3333332f;
    public const float Tanh1 = 0.13332602f;
    public const float Tanh2 = -0.05385386f;
    public const float Tanh3 = 0.021077758f;
    public const float Tanh4 = -0.0062824734f;

    public const float SmallestNormal = 1.17549435e-38f;

    public const float TwoTo23 = 8388608f;

    /// <summary>The bits of √½.</summary>
    public const int RootHalfBits = 0x3F3504F3;

    // (ln(1 + f) − f + f²/2) / f³ on [√½ − 1, √2 − 1], relative error of ln 5.8e-9.
    public const float Log0 = 0.33333331f;
    public const float Log1 = -0.25000823f;
    public const float Log2 = 0.20001234f;
    public const float Log3 = -0.16623299f;
    public const float Log4 = 0.14201553f;
    public const float Log5 = -0.13160582f;
    public const float Log6 = 0.12763329f;
    public const float Log7 = -0.07635658f;
}
