using System.Diagnostics;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>A piece of the core that is measured by itself, against the peak alone.</summary>
/// <param name="Operations">Floating-point operations of a call; 0: it is told in ns an element.</param>
/// <param name="Elements">Floats that a function maps; 0: it is no function.</param>
/// <param name="Run">One call.</param>
internal sealed record CoreWork(string Name, string Title, double Operations, int Elements, Action Run)
{
    private const int FunctionElements = 64 << 10;
    private const double TurnSeconds = 0.002;

    private delegate void Function(ReadOnlySpan<float> x, Span<float> result, VectorWidth? width);

    /// <summary>Names of all, without the memory that the work needs.</summary>
    public static IReadOnlyList<(string Name, Func<CoreWork> Create)> All { get; } =
    [
        .. new[] { 8, 16, 32, 64, 128 }.Select(rows => ($"product-{rows}", (Func<CoreWork>)(() => Product(rows, 352, 1024)))),
        ("gradient-b", () => Gradient(64, 64, 352, 1024)),
        ("gradient-c", () => Gradient(64, 32, 1024, 2048)),
        ("exp", () => Of("exp", VectorKernels.Exp)),
        ("sigmoid", () => Of("sigmoid", VectorKernels.Sigmoid)),
        ("tanh", () => Of("tanh", VectorKernels.Tanh)),
    ];

    /// <summary>Seconds of one call, the mean of as many as fill a turn.</summary>
    public double Seconds()
    {
        var (calls, begin) = (0, Stopwatch.GetTimestamp());
        double passed;
        do
        {
            Run();
            calls++;
            passed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        while (passed < TurnSeconds);
        return passed / calls;
    }

    private static CoreWork Of(string name, Function function)
    {
        var (x, y) = (Filled(FunctionElements), new AlignedBuffer(FunctionElements));
        return new(name, $"{name} over 64 Ki floats", 0, FunctionElements, () => function(x.Span, y.Span, VectorWidths.Widest));
    }

    private static CoreWork Product(int rows, int depth, int columns) => VectorWidths.Widest switch
    {
        VectorWidth.Bits512 => Product<V512>(rows, depth, columns),
        VectorWidth.Bits256 => Product<V256>(rows, depth, columns),
        _ => Product<V128>(rows, depth, columns),
    };

    private static CoreWork Gradient(int time, int rows, int inputs, int columns) => VectorWidths.Widest switch
    {
        VectorWidth.Bits512 => Gradient<V512>(time, rows, inputs, columns),
        VectorWidth.Bits256 => Gradient<V256>(time, rows, inputs, columns),
        _ => Gradient<V128>(time, rows, inputs, columns),
    };

    private static unsafe CoreWork Product<TVector>(int rows, int depth, int columns)
        where TVector : unmanaged, IVector<TVector>
    {
        var (a, c, weights) = (Filled(rows * (depth + 16)), Filled(rows * (columns + 16)), Filled(depth * columns));
        var packed = new PackedMatrix(depth, columns);
        packed.Pack(weights.Pointer, columns);
        return new(
            $"product-{rows}",
            $"{rows} rows x {depth} x {columns}, weights packed",
            2.0 * rows * depth * columns,
            0,
            () => Products<TVector>.Multiply(a.Pointer, depth + 16, rows, packed.All, c.Pointer, columns + 16, ProductStart.Bias));
    }

    private static unsafe CoreWork Gradient<TVector>(int time, int rows, int inputs, int columns)
        where TVector : unmanaged, IVector<TVector>
    {
        const int Lanes = 8;
        var (lda, ldd) = (inputs + 16, columns + 16);
        var (x, d) = (Filled(time * rows * lda), Filled(time * rows * ldd));
        var weights = new AlignedBuffer((inputs + 1) * columns);
        var workspace = new GradientWorkspace(time, rows, inputs, Lanes, TVector.Width);
        var order = ColumnOrder.Natural(columns);
        LaneRows[] lanes = [.. Enumerable.Range(0, Lanes).Select(lane => new LaneRows(lane, lane * rows / Lanes, rows / Lanes))];
        return new(
            inputs == 352 ? "gradient-b" : "gradient-c",
            $"weight gradient, {time} x {rows}, {inputs} x {columns}, {Lanes} lanes, packing included",
            2.0 * time * rows * inputs * columns,
            0,
            () => WeightGradient<TVector>.Compute(
                new(x.Pointer, lda, (nint)rows * lda),
                inputs,
                new(d.Pointer, ldd, (nint)rows * ldd),
                order,
                time,
                lanes,
                new(0, Lanes),
                weights.Pointer,
                columns,
                weights.Pointer + (inputs * columns),
                workspace));
    }

    private static AlignedBuffer Filled(int length)
    {
        var random = new Random(length);
        var buffer = new AlignedBuffer(length);
        foreach (ref var value in buffer.Span)
        {
            value = (random.NextSingle() * 8f) - 4f;
        }

        return buffer;
    }
}
