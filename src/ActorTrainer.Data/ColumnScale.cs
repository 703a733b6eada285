namespace ActorTrainer.Data;

/// <summary>How a column of numbers enters a network: standardised = (x − mean) / deviation.</summary>
/// <param name="Name">The column's name in the file.</param>
/// <param name="Mean">Of the training part; 0 with deviation 1: the column enters as it is.</param>
/// <param name="Deviation">Of the training part, above 0; that of a constant column is 1.</param>
public sealed record ColumnScale(string Name, double Mean, double Deviation)
{
    /// <summary>A column that enters as it is.</summary>
    public static ColumnScale Identity(string name) => new(name, 0, 1);

    /// <summary>What the network sees of a value: computed in double, rounded once.</summary>
    public float Standardise(double value) => (float)((value - Mean) / Deviation);

    /// <summary>The value that the network means.</summary>
    public double Restore(double standardised) => Mean + (standardised * Deviation);
}
