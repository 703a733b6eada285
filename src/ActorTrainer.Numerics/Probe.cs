using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics;

/// <summary>
/// A few milliseconds of every kernel, product, layer and optimizer at odd shapes, with subnormal
/// numbers, hashed. A node whose hash is not <see cref="Expected"/> computes other bits than the rest
/// and gets no work.
/// </summary>
public static unsafe partial class Probe
{
    /// <summary>What every machine must find, at every width. Changes with <see cref="ArithmeticVersion"/>, and when there is more to probe.</summary>
    public const string Expected = "2a4408b88cea311fb78b8023d05e91c35648e76fba7a62a3ef1fca38060a2507";

    /// <summary>SHA-256 of the probe's results, lower-case hexadecimal.</summary>
    /// <param name="width">Width of the vectors; the machine's widest when left out.</param>
    public static string Sha256(VectorWidth? width = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var used = width ?? VectorWidths.Widest;
        switch (used)
        {
            case VectorWidth.Bits512:
                Run<V512>(used, hash);
                break;
            case VectorWidth.Bits256:
                Run<V256>(used, hash);
                break;
            default:
                Run<V128>(used, hash);
                break;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Every part of the core that computes has its line here.</summary>
    private static void Run<TVector>(VectorWidth width, IncrementalHash hash)
        where TVector : unmanaged, IVector<TVector>
    {
        AddElementKernels(width, hash);
        AddRowKernels(width, hash);
        AddProducts<TVector>(hash);
        AddGradients<TVector>(hash);
        ProbeNetworks.Add(width, hash);
        AddNetworks(width, hash);
        AddOptimizers(width, hash);
        AddOrthogonal(hash);
        ProbeHeads.Add(width, hash);
    }

    private static void AddElementKernels(VectorWidth width, IncrementalHash hash)
    {
        foreach (var length in (ReadOnlySpan<int>)[1, 7, 37, 259])
        {
            var x = Floats((uint)length, length, 30f);
            var y = Floats((uint)length + 1, length, 2f);
            var result = new float[length];
            VectorKernels.Add(x, y, result, width);
            Add(hash, result);
            VectorKernels.AddScaled(x, 0.3f, result, width);
            Add(hash, result);
            VectorKernels.Multiply(x, y, result, width);
            Add(hash, result);
            VectorKernels.Scale(x, 1e-38f, result, width);
            Add(hash, result);
            VectorKernels.Exp(x, result, width);
            Add(hash, result);
            VectorKernels.Log(result, result, width);
            Add(hash, result);
            VectorKernels.Relu(x, result, width);
            Add(hash, result);
            VectorKernels.ReluGradient(result, y, result, width);
            Add(hash, result);
            VectorKernels.Sigmoid(x, result, width);
            Add(hash, result);
            VectorKernels.SigmoidGradient(result, y, result, width);
            Add(hash, result);
            VectorKernels.Tanh(y, result, width);
            Add(hash, result);
            VectorKernels.TanhGradient(result, x, result, width);
            Add(hash, result);
        }
    }

    private static void AddRowKernels(VectorWidth width, IncrementalHash hash)
    {
        foreach (var length in (ReadOnlySpan<int>)[1, 15, 65, 300])
        {
            var x = Floats((uint)length + 2, length, 20f);
            var result = new float[length];
            var max = VectorKernels.Max(x, width);
            Add(hash, [max, VectorKernels.Sum(x, width), VectorKernels.ExpSum(x, max, result, width)]);
            Add(hash, result);
            var squares = new double[NormBlocks.Count(length)];
            NormBlocks.Squares(x, squares, width);
            hash.AppendData(MemoryMarshal.AsBytes<double>(squares));
        }
    }

    private static void AddProducts<TVector>(IncrementalHash hash)
        where TVector : unmanaged, IVector<TVector>
    {
        const int Units = 9;
        const int Depth = 23;
        const int Rows = 19;
        var order = ColumnOrder.Interleaved(4, Units);
        var (x, weights, bias) = (Floats(11, Rows * Depth, 2f), Floats(12, Depth * 4 * Units, 1f), Floats(13, 4 * Units, 1f));
        using var forward = new PackedMatrix(Depth, order);
        using var backward = new PackedMatrix(4 * Units, ColumnOrder.Natural(Depth), DepthSegment.Ascending(order));
        using var gates = new AlignedBuffer(Rows * order.Columns);
        var back = new float[Rows * Depth];
        fixed (float* left = x, right = weights, start = bias, result = back)
        {
            forward.Pack(right, 4 * Units, start);
            backward.PackTransposed(right, 4 * Units);
            for (var rows = 1; rows <= Rows; rows += 9)
            {
                Products<TVector>.Multiply(left, Depth, rows, forward.All, gates.Pointer, order.Columns, ProductStart.Bias);
                Products<TVector>.Multiply(left, Depth, rows, forward.Slice(1, 1).Rows(3, 5), gates.Pointer + 32, order.Columns, ProductStart.Continue);
                Add(hash, gates.Span);
                Products<TVector>.Multiply(gates.Pointer, order.Columns, rows, backward.All, result, Depth, ProductStart.Zero);
                Add(hash, back);
            }
        }
    }

    private static void AddGradients<TVector>(IncrementalHash hash)
        where TVector : unmanaged, IVector<TVector>
    {
        const int Time = 3;
        const int Rows = 7;
        const int Inputs = 11;
        const int Columns = 37;
        ReadOnlySpan<LaneRows> lanes = [new(0, 0, 2), new(2, 2, 4), new(3, 6, 1)];
        var (x, d) = (Floats(21, Time * Rows * Inputs, 2f), Floats(22, Time * Rows * Columns, 1f));
        var symbols = new int[Time * Rows];
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = i * 5 % Inputs;
        }

        using var workspace = new GradientWorkspace(Time, Rows, Inputs, 4, TVector.Width);
        using var scatter = new ScatterWorkspace(Time, Rows, Inputs, 4);
        var (weights, bias) = (new float[Inputs * Columns], new float[Columns]);
        var order = ColumnOrder.Natural(Columns);
        fixed (float* left = x, right = d, to = weights, toBias = bias)
        {
            var gradients = new TimeMajor(right, Columns, Rows * Columns);
            WeightGradient<TVector>.Compute(
                new(left, Inputs, Rows * Inputs), Inputs, gradients, order, Time, lanes, new(0, 4), to, Columns, toBias, workspace);
            Add(hash, weights);
            Add(hash, bias);
            ScatterGradient<TVector>.Compute(symbols, Rows, Inputs, gradients, order, Time, lanes, new(0, 4), to, Columns, scatter);
            Add(hash, weights);
        }
    }

    /// <summary>Floats of up to ±<paramref name="size"/>, one in seven subnormal, from a counter alone.</summary>
    private static float[] Floats(uint seed, int length, float size)
    {
        var values = new float[length];
        var state = (seed * 2654435761u) + 1u;
        for (var i = 0; i < length; i++)
        {
            // Marsaglia, "Xorshift RNGs", 2003; nothing here needs better.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            var unit = ((int)(state >> 8) - 8388608) * (1f / 8388608f);
            values[i] = unit * (i % 7 == 5 ? 1e-38f : size);
        }

        return values;
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<float> values) =>
        hash.AppendData(MemoryMarshal.AsBytes(values));
}
