using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>The left side of a weight gradient, [time × rows × inputs], in strips of a few inputs.</summary>
/// <remarks>
/// With the widest vectors strips are read where they are; only the last is copied beside zeros when it is
/// not whole. Rows of a lane are often a multiple of 4 KB apart, so that they share few sets of the first
/// cache: narrower vectors read each strip too often for that, and all strips are copied.
/// </remarks>
internal readonly unsafe struct GradientInputs<TVector>(TimeMajor values, int count)
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>Floats from a position to the next in a copied strip.</summary>
    private const int Stride = 8;

    /// <summary>Inputs of a strip: twelve accumulators suit machines with sixteen registers.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TVector.Count == 16 ? 8 : 6;
    }

    /// <summary>Rows of the weight matrix; 0 when only the bias is wanted.</summary>
    public int Count { get; } = count;

    /// <summary>Floats of the copied strips of a position.</summary>
    public int CopiedFloats => Count == FirstCopied && Count > 0 ? 0 : StripsFrom(FirstCopied) * Stride;

    private int FirstCopied => TVector.Count == 16 ? Count / Width * Width : 0;

    /// <summary>The most that <see cref="CopiedFloats"/> is with up to <paramref name="inputs"/> inputs.</summary>
    public static int MostCopiedFloats(int inputs) => TVector.Count == 16 ? Stride : new GradientInputs<TVector>(default, inputs).CopiedFloats;

    /// <summary>The rows of a piece from <paramref name="input"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimeMajor From(in GradientPiece piece, int input) => values.From(piece.Time, piece.Row, input);

    /// <summary>The strip of a piece that begins at <paramref name="input"/>.</summary>
    /// <param name="copied">What <see cref="Copy(in GradientPiece, float*)"/> wrote for this piece.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimeMajor Strip(in GradientPiece piece, int input, float* copied) =>
        input < FirstCopied
            ? From(piece, input)
            : new(copied + ((nint)(input - FirstCopied) / Width * piece.Positions * Stride), Stride, -Stride * piece.Rows);

    /// <summary>The cache lines of the two strips after next, one at each position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimeMajor Ahead(in GradientPiece piece, int input, float* copied)
    {
        if (TVector.Count == 16)
        {
            return From(piece, input + (2 * Width));
        }

        var strip = Strip(piece, input + (2 * Width), copied);
        return new(strip.Values, 2 * strip.RowStride, 2 * strip.TimeStride);
    }

    /// <summary>Copies the strips of a piece that are not read where they are.</summary>
    /// <param name="copied">[positions × <see cref="CopiedFloats"/>], strip after strip.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(in GradientPiece piece, float* copied)
    {
        // A few strips in one pass: whole cache lines are read, and few places written at once.
        const int Strips = 4;
        var width = Width;
        var stripFloats = (nint)piece.Positions * Stride;
        var last = copied + (piece.Positions * CopiedFloats);
        for (var input = FirstCopied; copied < last; input += Strips * width, copied += Strips * stripFloats)
        {
            var place = copied;
            for (var t = piece.Time; t > piece.Time - piece.Steps; t--)
            {
                for (var row = piece.Row; row < piece.Row + piece.Rows; row++, place += Stride)
                {
                    var source = values.Row(t, row);
                    var strip = place;
                    for (var i = 0; i < Strips && strip < last; i++, strip += stripFloats)
                    {
                        CopyStrip(source, input + (i * width), strip);
                    }
                }
            }
        }
    }

    /// <summary>Copies the strips of all rows of some lanes that are not read where they are.</summary>
    /// <param name="copied">[strips × time × rows × 8].</param>
    /// <returns>The first such strip.</returns>
    public TimeMajor Copy(in LaneChain chain, float* copied)
    {
        var strip = chain.RowsOf(copied, Stride);
        for (var input = 0; input < CopiedFloats / Stride * Width; input += Width)
        {
            var place = Strip(chain, FirstCopied + input, strip);
            for (var t = 0; t < chain.Time; t++)
            {
                for (var row = chain.FirstRow; row < chain.EndRow; row++)
                {
                    CopyStrip(values.Row(t, row), FirstCopied + input, place.Row(t, row));
                }
            }
        }

        return strip;
    }

    /// <summary>The strip of some lanes' rows that begins at <paramref name="input"/>.</summary>
    /// <param name="copied">What <see cref="Copy(in LaneChain, float*)"/> gave for them.</param>
    public TimeMajor Strip(in LaneChain chain, int input, in TimeMajor copied) =>
        input < FirstCopied
            ? values.From(0, 0, input)
            : new(copied.Values + ((input - FirstCopied) / Width * chain.Time * copied.TimeStride), Stride, copied.TimeStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyStrip(float* source, int input, float* strip)
    {
        if (input + Stride <= Count)
        {
            Vector256.Load(source + input).Store(strip);
            return;
        }

        Vector256<float>.Zero.Store(strip);
        for (var i = input; i < Count; i++)
        {
            strip[i - input] = source[i];
        }
    }

    private int StripsFrom(int input) => Math.Max(1, (Count - input + Width - 1) / Width);
}
