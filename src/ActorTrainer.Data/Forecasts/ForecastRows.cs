namespace ActorTrainer.Data.Forecasts;

/// <summary>Whether a table has rows enough for what is asked of it.</summary>
internal static class ForecastRows
{
    /// <exception cref="InvalidDataSetException">There are too few.</exception>
    public static void Require(ForecastOptions options, int trainingRows, int validationRows)
    {
        var needed = (long)options.Difference + options.Window + options.Horizon;
        if (trainingRows < needed)
        {
            var kept = validationRows == 0 ? "" : $" ({validationRows} more are kept for validation)";
            throw new InvalidDataSetException(
                $"The table has {trainingRows} rows to train on{kept}; difference {options.Difference}, window {options.Window} and horizon {options.Horizon} "
                + $"need at least {needed}, which is their sum.");
        }

        if (options.ValidationFraction > 0 && validationRows < options.Horizon)
        {
            throw new InvalidDataSetException(
                $"validation_fraction {options.ValidationFraction} leaves {validationRows} of {trainingRows + validationRows} rows for validation; "
                + $"horizon {options.Horizon} needs at least as many as it forecasts. Raise it, or set it to 0 for no validation.");
        }

        if (validationRows > 0 && options.Season > trainingRows)
        {
            throw new InvalidDataSetException(
                $"season is {options.Season}; the seasonal baseline needs as many rows before the validation part, and there are {trainingRows}.");
        }
    }
}
