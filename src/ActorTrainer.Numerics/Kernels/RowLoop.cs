using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>
/// Reductions inside a row (B7): element i goes to accumulator i mod 16, then they are halved 8, 4, 2,
/// 1. For the loops of losses, which hold pointers; <see cref="VectorKernels"/> is the door for spans.
/// </summary>
public static unsafe class RowLoop<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int Group = ScalarKernels.Accumulators;

    /// <inheritdoc cref="VectorKernels.Sum"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(float* x, nint length)
    {
        var sums = stackalloc float[Group];
        for (var part = 0; part < Group; part += TVector.Count)
        {
            var sum = TVector.Zero;
            for (nint i = 0; i <= length - Group; i += Group)
            {
                sum += TVector.Load(x + i + part);
            }

            sum.Store(sums + part);
        }

        var done = length / Group * Group;
        for (var i = done; i < length; i++)
        {
            sums[i - done] += x[i];
        }

        return ScalarKernels.Halve(new Span<float>(sums, Group));
    }

    /// <inheritdoc cref="VectorKernels.Max"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, nint length)
    {
        var largest = stackalloc float[Group];
        for (var part = 0; part < Group; part += TVector.Count)
        {
            var max = TVector.Create(float.NegativeInfinity);
            for (nint i = 0; i <= length - Group; i += Group)
            {
                max = TVector.Max(TVector.Load(x + i + part), max);
            }

            max.Store(largest + part);
        }

        var done = length / Group * Group;
        for (var i = done; i < length; i++)
        {
            largest[i - done] = ScalarKernels.Larger(x[i], largest[i - done]);
        }

        for (var half = Group / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                largest[i] = ScalarKernels.Larger(largest[i + half], largest[i]);
            }
        }

        return largest[0];
    }

    /// <inheritdoc cref="VectorKernels.ExpSum"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpSum(float* x, float shift, float* result, nint length)
    {
        var sums = stackalloc float[Group];
        var shifts = TVector.Create(shift);
        for (var part = 0; part < Group; part += TVector.Count)
        {
            var sum = TVector.Zero;
            for (nint i = 0; i <= length - Group; i += Group)
            {
                var e = VectorFunctions<TVector>.Exp(TVector.Load(x + i + part) - shifts);
                e.Store(result + i + part);
                sum += e;
            }

            sum.Store(sums + part);
        }

        var done = length / Group * Group;
        if (done < length)
        {
            var edge = stackalloc float[Group];
            new Span<float>(edge, Group).Clear();
            new ReadOnlySpan<float>(x + done, (int)(length - done)).CopyTo(new Span<float>(edge, Group));
            for (var part = 0; part < Group; part += TVector.Count)
            {
                VectorFunctions<TVector>.Exp(TVector.Load(edge + part) - shifts).Store(edge + part);
            }

            for (var i = done; i < length; i++)
            {
                result[i] = edge[i - done];
                sums[i - done] += edge[i - done];
            }
        }

        return ScalarKernels.Halve(new Span<float>(sums, Group));
    }

    /// <inheritdoc cref="VectorKernels.SumOfSquares"/>
    public static double SumOfSquares(float* x, nint length)
    {
        if (TVector.Width == VectorWidth.Bits512 && length % Group == 0)
        {
            return WholeSquares512(x, length);
        }

        var sums = stackalloc double[Group];
        switch (TVector.Width)
        {
            case VectorWidth.Bits512:
                Squares512(x, length, sums);
                break;
            case VectorWidth.Bits256:
                Squares256(x, length, sums);
                break;
            default:
                Squares128(x, length, sums);
                break;
        }

        var done = length / Group * Group;
        for (var i = done; i < length; i++)
        {
            sums[i - done] += (double)x[i] * x[i];
        }

        return ScalarKernels.Halve(new Span<double>(sums, Group));
    }

    /// <summary>Halved in registers too: a block of the norm is so short that its end counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double WholeSquares512(float* x, nint length)
    {
        var lower = Vector512<double>.Zero;
        var upper = Vector512<double>.Zero;
        for (nint i = 0; i < length; i += Group)
        {
            var floats = Vector512.Load(x + i);
            var a = Vector512.WidenLower(floats);
            var b = Vector512.WidenUpper(floats);
            lower += a * a;
            upper += b * b;
        }

        var eight = lower + upper;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Squares512(float* x, nint length, double* sums)
    {
        var lower = Vector512<double>.Zero;
        var upper = Vector512<double>.Zero;
        for (nint i = 0; i <= length - Group; i += Group)
        {
            var floats = Vector512.Load(x + i);
            var a = Vector512.WidenLower(floats);
            var b = Vector512.WidenUpper(floats);
            lower += a * a;
            upper += b * b;
        }

        lower.Store(sums);
        upper.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Squares256(float* x, nint length, double* sums)
    {
        var s0 = Vector256<double>.Zero;
        var s1 = Vector256<double>.Zero;
        var s2 = Vector256<double>.Zero;
        var s3 = Vector256<double>.Zero;
        for (nint i = 0; i <= length - Group; i += Group)
        {
            var lower = Vector256.Load(x + i);
            var upper = Vector256.Load(x + i + 8);
            var (a, b) = (Vector256.WidenLower(lower), Vector256.WidenUpper(lower));
            var (c, d) = (Vector256.WidenLower(upper), Vector256.WidenUpper(upper));
            s0 += a * a;
            s1 += b * b;
            s2 += c * c;
            s3 += d * d;
        }

        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Squares128(float* x, nint length, double* sums)
    {
        for (var part = 0; part < Group; part += 4)
        {
            var s0 = Vector128<double>.Zero;
            var s1 = Vector128<double>.Zero;
            for (nint i = 0; i <= length - Group; i += Group)
            {
                var floats = Vector128.Load(x + i + part);
                var (a, b) = (Vector128.WidenLower(floats), Vector128.WidenUpper(floats));
                s0 += a * a;
                s1 += b * b;
            }

            s0.Store(sums + part);
            s1.Store(sums + part + 2);
        }
    }
}
