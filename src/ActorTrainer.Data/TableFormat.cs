namespace ActorTrainer.Data;

/// <summary>How a table is written.</summary>
/// <param name="Delimiter">One ASCII character.</param>
/// <param name="Missing">What an empty cell is taken for.</param>
public sealed record TableFormat(TextEncoding Encoding, string Delimiter, MissingValues Missing)
{
    /// <summary>What a format means that a recipe leaves out.</summary>
    public static TableFormat Default { get; } = new(TextEncoding.Utf8, ",", MissingValues.Error);

    /// <summary>What a delimiter may be, in words.</summary>
    public const string AllowedDelimiter = "one ASCII character that is no letter, digit, quote or line break";

    /// <summary>Whether it can stand between cells: a point or a sign would cut numbers apart.</summary>
    public static bool IsDelimiter(string? text) =>
        text is ['\t' or (>= ' ' and <= '~' and not ('"' or '\'' or '.' or '-' or '+'))] && !char.IsAsciiLetterOrDigit(text[0]);
}

public enum TextEncoding
{
    /// <summary>With or without a byte order mark.</summary>
    Utf8,
    Gbk,
}

public enum MissingValues
{
    /// <summary>The table is refused.</summary>
    Error,

    /// <summary>The value of the row before.</summary>
    Previous,

    /// <summary>The column's mean over the training part: 0 where it is standardised.</summary>
    Mean,
}
