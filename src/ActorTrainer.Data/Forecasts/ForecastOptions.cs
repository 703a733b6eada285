using System.Collections.Immutable;

namespace ActorTrainer.Data.Forecasts;

/// <summary>How the rows of a table, one time step each, become windows that forecast.</summary>
/// <param name="Targets">Columns that are forecast; their past enters too. At least one.</param>
/// <param name="Window">Rows that are seen, w; at least 1.</param>
public sealed record ForecastOptions(ImmutableArray<string> Targets, int Window)
{
    /// <summary>Further columns whose past enters, after the targets'.</summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>Rows ahead that are forecast, all at once, h; at least 1.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>Rows of a season, for the seasonal baseline; 0: there is none.</summary>
    public int Season { get; init; }

    /// <summary>Share of the rows, at their end, that is only validated on, in [0, 1); 0: no validation.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    public TableFormat Table { get; init; } = TableFormat.Default;

    /// <summary>Targets are learned as their logarithms; every value must be above 0.</summary>
    public bool Log { get; init; }

    /// <summary>Targets, or their logarithms, are learned as the change from so many rows before, d; 0: as they are.</summary>
    public int Difference { get; init; }

    /// <summary>Columns are brought to mean 0 and deviation 1, measured on the training part.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Column that names the rows; "": none.</summary>
    public string Time { get; init; } = "";

    /// <summary>Features of a time step: targets, then inputs.</summary>
    public int Features => Targets.Length + Inputs.Length;

    /// <summary>Outputs of a forecast: for each step ahead, each target.</summary>
    public int Outputs => checked(Horizon * Targets.Length);

    /// <summary>Reads the columns that these options name.</summary>
    /// <exception cref="InvalidDataSetException">The file is no such table.</exception>
    internal Tables.Table ReadTable(Stream file, DataLimits limits)
    {
        Require();
        return Tables.Table.Read(file, Table, [.. Targets, .. Inputs], Time.Length == 0 ? [] : [Time], limits);
    }

    /// <exception cref="ArgumentException">An option is outside its range, or a column is named twice.</exception>
    internal void Require()
    {
        if (Targets.IsDefaultOrEmpty || Inputs.IsDefault)
        {
            throw new ArgumentException("a forecast needs at least one target.", nameof(Targets));
        }

        if (Targets.Concat(Inputs).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"column \"{twice.Key}\" is named twice among targets and inputs.", nameof(Inputs));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Horizon, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)Horizon * Targets.Length, int.MaxValue, nameof(Horizon));
        ArgumentOutOfRangeException.ThrowIfNegative(Season);
        ArgumentOutOfRangeException.ThrowIfNegative(Difference);
        if (!(ValidationFraction is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ValidationFraction), ValidationFraction, $"ValidationFraction is {ValidationFraction}; it must be from 0 to below 1.");
        }
    }
}
