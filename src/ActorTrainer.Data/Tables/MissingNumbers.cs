namespace ActorTrainer.Data.Tables;

/// <summary>Puts numbers in the place of missing ones (NaN).</summary>
internal static class MissingNumbers
{
    /// <summary>Each missing value becomes the one before it.</summary>
    /// <returns>The place of a value that has none before it, or −1.</returns>
    public static int FillWithPrevious(Span<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                if (i == 0)
                {
                    return 0;
                }

                values[i] = values[i - 1];
            }
        }

        return -1;
    }
}
