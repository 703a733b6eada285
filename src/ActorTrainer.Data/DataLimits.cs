namespace ActorTrainer.Data;

/// <summary>How much of a file of data is taken in; whoever breaks a bound is told which one.</summary>
/// <param name="MaximumBytes">Bytes of a file, after decompression; what inflates beyond them is stopped there.</param>
/// <param name="MaximumValues">Numbers of a table that are held in memory.</param>
public sealed record DataLimits(long MaximumBytes = DataLimits.DefaultBytes, long MaximumValues = DataLimits.DefaultValues)
{
    /// <summary>1 GiB.</summary>
    public const long DefaultBytes = 1L << 30;

    /// <summary>128 Mi numbers: 1 GiB of doubles.</summary>
    public const long DefaultValues = 1L << 27;

    /// <summary>Most characters of one cell of a table, or of a name.</summary>
    public const int CellLength = 1 << 16;

    /// <summary>Most characters of one row of a table, or bytes of one line of another file.</summary>
    public const int LineLength = 1 << 24;

    /// <summary>Most columns of a table.</summary>
    public const int Columns = 4_096;

    /// <summary>Most kinds of a thing that are told apart: classes of a label, symbols that have names.</summary>
    public const int Kinds = 65_536;

    /// <summary>The bounds above.</summary>
    public static DataLimits Default { get; } = new();
}
