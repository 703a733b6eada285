using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Kernels;

/// <summary>Every kernel and product shape against the peak of the same run.</summary>
internal static class KernelBenchmarks
{
    private const int Elements = 4096;

    private delegate void Kernel(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, VectorWidth width);

    private static readonly (string Name, Kernel Kernel)[] ElementKernels =
    [
        ("add", (x, y, result, width) => VectorKernels.Add(x, y, result, width)),
        ("add scaled", (x, _, result, width) => VectorKernels.AddScaled(x, 1e-9f, result, width)),
        ("multiply", (x, y, result, width) => VectorKernels.Multiply(x, y, result, width)),
        ("scale", (x, _, result, width) => VectorKernels.Scale(x, 0.9f, result, width)),
        ("exp", (x, _, result, width) => VectorKernels.Exp(x, result, width)),
        ("sigmoid", (x, _, result, width) => VectorKernels.Sigmoid(x, result, width)),
        ("tanh", (x, _, result, width) => VectorKernels.Tanh(x, result, width)),
        ("log", (x, _, result, width) => VectorKernels.Log(x, result, width)),
        ("relu", (x, _, result, width) => VectorKernels.Relu(x, result, width)),
        ("sigmoid gradient", (x, y, result, width) => VectorKernels.SigmoidGradient(x, y, result, width)),
        ("tanh gradient", (x, y, result, width) => VectorKernels.TanhGradient(x, y, result, width)),
        ("relu gradient", (x, y, result, width) => VectorKernels.ReluGradient(x, y, result, width)),
        ("row sum", (x, _, _, width) => VectorKernels.Sum(x, width)),
        ("row max", (x, _, _, width) => VectorKernels.Max(x, width)),
        ("row exp sum", (x, _, result, width) => VectorKernels.ExpSum(x, 4f, result, width)),
        ("row squares", (x, _, _, width) => VectorKernels.SumOfSquares(x, width)),
    ];

    /// <param name="args">Widths to measure; the widest when there are none.</param>
    public static int Run(string[] args)
    {
        Subnormals.Require();
        Console.WriteLine(VectorWidths.Describe());
        Console.WriteLine($"probe {(Probe.Sha256() == Probe.Expected ? "as expected" : "DIFFERS")}");
        foreach (var width in args.Length == 0 ? [VectorWidths.Widest] : args.Select(arg => (VectorWidth)int.Parse(arg)))
        {
            switch (width)
            {
                case VectorWidth.Bits512:
                    Run<V512>();
                    break;
                case VectorWidth.Bits256:
                    Run<V256>();
                    break;
                case VectorWidth.Bits128:
                    Run<V128>();
                    break;
                default:
                    Console.Error.WriteLine($"there are no vectors of {(int)width} bits; there are 128, 256 and 512");
                    return 2;
            }
        }

        return 0;
    }

    private static void Run<TVector>()
        where TVector : unmanaged, IVector<TVector>
    {
        var peak = FusedMultiplyAddPeak<TVector>.Measure();
        Console.WriteLine();
        Console.WriteLine($"{(int)TVector.Width} bits: peak {peak:F1} GFLOP/s (multiply and add counted as two)");
        ProductBenchmarks<TVector>.Run(peak);
        Console.WriteLine();
        Console.WriteLine($"{"kernel of " + Elements,-44} {"ns/element",10} {"best",8}");
        using var x = Filled(1);
        using var y = Filled(2);
        using var result = new AlignedBuffer(Elements);
        foreach (var (name, kernel) in ElementKernels)
        {
            var time = Measurement.Of(() => kernel(x.Span, y.Span, result.Span, TVector.Width));
            Console.WriteLine($"{name,-44} {time.Median / Elements * 1e9,10:F3} {time.Best / Elements * 1e9,8:F3}");
        }
    }

    private static AlignedBuffer Filled(int seed)
    {
        var random = new Random(seed);
        var buffer = new AlignedBuffer(Elements);
        foreach (ref var value in buffer.Span)
        {
            value = (random.NextSingle() * 8f) - 4f;
        }

        return buffer;
    }
}
