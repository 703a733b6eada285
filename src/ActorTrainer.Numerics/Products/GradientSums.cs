using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics.Products;

/// <summary>Where the sums of a weight gradient go: [inputs × stride] weights and a bias, dense.</summary>
internal readonly unsafe struct GradientSums(ColumnOrder columns, float* weights, nint stride, int inputs, float* bias)
{
    /// <summary>Where the working columns stand in the dense matrix.</summary>
    public ColumnOrder Columns { get; } = columns;

    /// <summary>
    /// Puts a panel of sums to its places: a row of biases, then rows of inputs from
    /// <paramref name="input"/> on.
    /// </summary>
    /// <param name="sums">[1 + height × 32].</param>
    /// <param name="column">First working column of the panel.</param>
    public void Store(float* sums, int column, int input, int height)
    {
        if (input == 0)
        {
            StoreBias(sums, column);
        }

        var end = Math.Min(input + height, inputs);
        for (; input < end; input++)
        {
            sums += PackedMatrix.PanelWidth;
            Columns.StorePanel(sums, column, weights + (input * stride));
        }
    }

    /// <summary>Puts a row of biases of a panel to its place, if it has one.</summary>
    public void StoreBias(float* biases, int column)
    {
        if (bias != null)
        {
            Columns.StorePanel(biases, column, bias);
        }
    }

    /// <summary>
    /// Whether a tile of all its inputs and of <paramref name="width"/> columns of a panel can be written to its
    /// places as it is: no padding in it, and columns that stand together there too.
    /// </summary>
    public bool TakesDirectly(int column, int width, int input, int height)
    {
        var run = column / ColumnOrder.RunLength;
        return input + height <= inputs
            && Columns.Runs[run] >= 0
            && (width <= ColumnOrder.RunLength || (run + 1 < Columns.Runs.Length && Columns.Runs[run + 1] >= 0));
    }

    /// <summary>The places of a tile that is taken <see cref="TakesDirectly">directly</see>.</summary>
    public TilePlace Place(int column, int input)
    {
        var run = column / ColumnOrder.RunLength;
        var row = weights + (input * stride);
        return new(row + Columns.Runs[run], run + 1 < Columns.Runs.Length ? row + Columns.Runs[run + 1] : null, stride);
    }

    /// <summary>Fetches early the cache lines that <see cref="Store"/> will write.</summary>
    public void Fetch(int column, int input, int height)
    {
        var last = Math.Min(column + PackedMatrix.PanelWidth, Columns.Columns) - 1;
        var end = Math.Min(input + height, inputs);
        for (; Sse.IsSupported && input < end; input++)
        {
            var row = weights + (input * stride);
            Sse.Prefetch0(row + Math.Max(Columns.Sources[column], 0));
            Sse.Prefetch0(row + Math.Max(Columns.Sources[Math.Min(column + ColumnOrder.RunLength, last)], 0));
        }
    }
}
