namespace ActorTrainer.Numerics.Vectors;

/// <summary>
/// A vector of floats of one width. A kernel is written once over this interface and compiled for
/// each width, and no operation differs between them by a bit (B12: no estimates, no horizontal sums).
/// </summary>
/// <remarks>
/// Comparisons give masks: all bits of an element set, or none. The operations named Bits take the
/// elements as 32-bit integers; exp and log are made of them.
/// </remarks>
public unsafe interface IVector<TSelf>
    where TSelf : unmanaged, IVector<TSelf>
{
    /// <summary>Floats in a vector: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    static abstract VectorWidth Width { get; }

    /// <summary>All elements +0.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>All elements <paramref name="value"/>.</summary>
    static abstract TSelf Create(float value);

    /// <summary>All elements the float that has these bits.</summary>
    static abstract TSelf CreateBits(int bits);

    /// <summary>Reads Count floats; no alignment is needed.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Writes Count floats; no alignment is needed.</summary>
    void Store(float* destination);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Flips the sign, of zeros and NaN too.</summary>
    static abstract TSelf operator -(TSelf value);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>left &gt; right ? left : right; so a NaN on the left is lost and one on the right stays.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>left &lt; right ? left : right; so a NaN on the left is lost and one on the right stays.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>A mask; false where an element is NaN.</summary>
    static abstract TSelf LessThan(TSelf left, TSelf right);

    /// <summary>A mask; false where an element is NaN.</summary>
    static abstract TSelf GreaterThan(TSelf left, TSelf right);

    /// <summary>A mask; false where an element is NaN.</summary>
    static abstract TSelf AreEqual(TSelf left, TSelf right);

    /// <summary>mask ? whenTrue : whenFalse, bit by bit.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    static abstract TSelf AndBits(TSelf left, TSelf right);

    static abstract TSelf OrBits(TSelf left, TSelf right);

    static abstract TSelf XorBits(TSelf left, TSelf right);

    static abstract TSelf AddBits(TSelf left, TSelf right);

    static abstract TSelf SubtractBits(TSelf left, TSelf right);

    static abstract TSelf ShiftBitsLeft(TSelf value, int count);

    /// <summary>Copies the sign bit into the places that become free.</summary>
    static abstract TSelf ShiftBitsRight(TSelf value, int count);

    /// <summary>The elements' integers as floats, rounded to nearest even.</summary>
    static abstract TSelf ConvertBitsToSingle(TSelf value);
}
