using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Benchmarks.Kernels;

/// <summary>Products, weight gradients, packing and scatter at the shapes of recurrent layers.</summary>
internal static unsafe class ProductBenchmarks<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private static readonly (int Rows, int Depth, int Columns)[] Shapes =
    [
        (1, 320, 1024), (3, 320, 1024), (8, 64, 96), (8, 512, 2048), (16, 320, 1024), (32, 320, 1024), (61, 320, 1024),
        (64, 64, 1024), (64, 320, 1024), (64, 512, 2048), (64, 256, 65), (128, 512, 96), (128, 784, 500), (256, 512, 2048),
    ];

    private static readonly (int Time, int Rows, int Inputs, int Columns, int Lanes)[] Gradients =
    [
        (64, 64, 320, 1024, 8), (64, 64, 320, 1024, 1), (64, 64, 256, 1024, 8), (64, 64, 256, 1024, 1), (64, 64, 64, 1024, 8),
        (64, 64, 64, 1024, 1), (64, 32, 1024, 2048, 8), (64, 64, 256, 65, 8), (50, 64, 192, 128, 8), (1, 128, 784, 500, 8),
        (16, 32, 66, 64, 8),
    ];

    public static void Run(double peak)
    {
        Console.WriteLine($"{"product, rows × depth × columns",-44} {"GFLOP/s",10} {"best",8} {"of peak",8}");
        foreach (var (rows, depth, columns) in Shapes)
        {
            using var a = Filled(rows * (depth + 16));
            using var weights = Filled(depth * columns);
            using var c = Filled(rows * (columns + 16));
            using var packed = new PackedMatrix(depth, columns);
            packed.Pack(weights.Pointer, columns);
            Report(
                $"{rows} × {depth} × {columns}",
                2.0 * rows * depth * columns,
                () => Products<TVector>.Multiply(a.Pointer, depth + 16, rows, packed.All, c.Pointer, columns + 16, ProductStart.Bias),
                peak);
        }

        Console.WriteLine();
        Console.WriteLine($"{"weight gradient, time × rows, inputs × columns",-44} {"GFLOP/s",10} {"best",8} {"of peak",8}");
        foreach (var shape in Gradients)
        {
            RunGradient(shape.Time, shape.Rows, shape.Inputs, shape.Columns, shape.Lanes, peak);
        }

        Console.WriteLine();
        RunPacking(320, 256);
        RunScatter(64, 64, 65, 64);
        RunScatter(64, 64, 20_000, 256);
    }

    private static void RunGradient(int time, int rows, int inputs, int columns, int lanes, double peak)
    {
        var (lda, ldd) = (inputs + 16, columns + 16);
        using var x = Filled(time * rows * lda);
        using var d = Filled(time * rows * ldd);
        using var weights = new AlignedBuffer((inputs + 1) * columns);
        using var workspace = new GradientWorkspace(time, rows, inputs, lanes, TVector.Width);
        var order = ColumnOrder.Natural(columns);
        var laneRows = Lanes(rows, lanes);
        Report(
            $"{time} × {rows}, {inputs} × {columns}, {lanes} lanes",
            2.0 * time * rows * inputs * columns,
            () => WeightGradient<TVector>.Compute(
                new(x.Pointer, lda, (nint)rows * lda),
                inputs,
                new(d.Pointer, ldd, (nint)rows * ldd),
                order,
                time,
                laneRows,
                new(0, lanes),
                weights.Pointer,
                columns,
                weights.Pointer + (inputs * columns),
                workspace),
            peak);
    }

    private static void RunPacking(int depth, int units)
    {
        using var weights = Filled(depth * 4 * units);
        using var forward = new PackedMatrix(depth, ColumnOrder.Interleaved(4, units));
        using var backward = new PackedMatrix(4 * units, ColumnOrder.Natural(depth), DepthSegment.Ascending(forward.Order));
        var pack = Measurement.Of(() => forward.Pack(weights.Pointer, 4 * units));
        var transpose = Measurement.Of(() => backward.PackTransposed(weights.Pointer, 4 * units));
        Console.WriteLine($"{$"pack {depth} × {4 * units}, gates interleaved",-44} {pack.Median * 1e6,10:F0} µs");
        Console.WriteLine($"{$"pack {depth} × {4 * units} transposed",-44} {transpose.Median * 1e6,10:F0} µs");
    }

    private static void RunScatter(int time, int rows, int symbolCount, int columns)
    {
        var random = new Random(1);
        var symbols = new int[time * rows];
        foreach (ref var symbol in symbols.AsSpan())
        {
            symbol = random.Next(symbolCount);
        }

        using var d = Filled(time * rows * (columns + 16));
        using var weights = new AlignedBuffer(symbolCount * columns);
        using var workspace = new ScatterWorkspace(time, rows, symbolCount, 8);
        var order = ColumnOrder.Natural(columns);
        var lanes = Lanes(rows, 8);
        var result = Measurement.Of(() => ScatterGradient<TVector>.Compute(
            symbols,
            rows,
            symbolCount,
            new(d.Pointer, columns + 16, (nint)rows * (columns + 16)),
            order,
            time,
            lanes,
            new(0, 8),
            weights.Pointer,
            columns,
            workspace));
        Console.WriteLine($"{$"scatter {time} × {rows} into {symbolCount} × {columns}, 8 lanes",-44} {result.Median * 1e6,10:F0} µs");
    }

    private static LaneRows[] Lanes(int rows, int lanes) =>
        [.. Enumerable.Range(0, lanes).Select(lane => new LaneRows(lane, lane * rows / lanes, ((lane + 1) * rows / lanes) - (lane * rows / lanes)))];

    private static void Report(string name, double operations, Action work, double peak)
    {
        var time = Measurement.Of(work);
        var (median, best) = (operations / time.Median * 1e-9, operations / time.Best * 1e-9);
        Console.WriteLine($"{name,-44} {median,10:F1} {best,8:F1} {median / peak,8:P0}");
    }

    private static AlignedBuffer Filled(int length)
    {
        var random = new Random(length);
        var buffer = new AlignedBuffer(length);
        foreach (ref var value in buffer.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return buffer;
    }
}
