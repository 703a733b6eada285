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
        if (input == 0 && bias != null)
        {
            Columns.StorePanel(sums, column, bias);
        }

        var end = Math.Min(input + height, inputs);
        for (; input < end; input++)
        {
            sums += PackedMatrix.PanelWidth;
            Columns.StorePanel(sums, column, weights + (input * stride));
        }
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
