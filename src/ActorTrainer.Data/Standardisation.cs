using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data;

/// <summary>How a column is brought to mean 0 and deviation 1.</summary>
internal static class Standardisation
{
    /// <summary>Fits the scale of a column to the numbers that are trained on.</summary>
    /// <param name="name">The column.</param>
    /// <param name="values">In the order of the file; gone through twice; NaN, a missing number, is left out.</param>
    /// <returns>
    /// Mean Σx / n and deviation √(Σ(x − mean)² / n), each summed in the given order in double. A constant
    /// column has its one value as mean, without rounding, and deviation 1.
    /// </returns>
    /// <exception cref="InvalidDataSetException">There is no number, or they reach too far or not far enough for doubles.</exception>
    public static ColumnScale Fit(string name, IEnumerable<double> values)
    {
        var (count, sum, low, high) = (0L, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var x in values)
        {
            if (!double.IsNaN(x))
            {
                (count, sum, low, high) = (count + 1, sum + x, Math.Min(low, x), Math.Max(high, x));
            }
        }

        if (count == 0)
        {
            throw Nothing(name);
        }

        if (low == high)
        {
            // The mean of equal numbers may round to another one, and the deviation to almost nothing.
            return new ColumnScale(name, low, 1);
        }

        var (mean, squares) = (sum / count, 0.0);
        foreach (var x in values)
        {
            if (!double.IsNaN(x))
            {
                squares += (x - mean) * (x - mean);
            }
        }

        var deviation = Math.Sqrt(squares / count);
        return double.IsFinite(mean) && double.IsFinite(deviation) && deviation > 0
            ? new ColumnScale(name, mean, deviation)
            : throw new InvalidDataSetException(
                $"Column {CellText.Name(name)} cannot be standardised: its values reach from {low} to {high}, too wide or too narrow for numbers of 64 bits.", row: null, name);
    }

    /// <summary>The fault of a column without a number that is trained on.</summary>
    public static InvalidDataSetException Nothing(string name) =>
        new($"Column {CellText.Name(name)} has no value in the training part.", row: null, name);
}
