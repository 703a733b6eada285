namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Columns [<paramref name="Begin"/>, <paramref name="End"/>) of a product's left side, a piece of its
/// chain. The pieces in their order are the ascending k of B1.
/// </summary>
public readonly record struct DepthSegment(nint Begin, nint End)
{
    /// <summary>
    /// The chain over the dense columns ascending, when the left side stands in
    /// <paramref name="order"/> (e.g. gate gradients, interleaved). Padding is left out.
    /// </summary>
    public static DepthSegment[] Ascending(ColumnOrder order)
    {
        var places = new int[order.DenseColumns];
        for (var column = 0; column < order.Columns; column++)
        {
            if (order.Sources[column] >= 0)
            {
                places[order.Sources[column]] = column;
            }
        }

        var segments = new List<DepthSegment>();
        for (var first = 0; first < places.Length;)
        {
            var end = first + 1;
            while (end < places.Length && places[end] == places[end - 1] + 1)
            {
                end++;
            }

            segments.Add(new(places[first], places[first] + end - first));
            first = end;
        }

        return [.. segments];
    }
}
