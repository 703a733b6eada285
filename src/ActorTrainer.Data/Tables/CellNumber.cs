using System.Globalization;

namespace ActorTrainer.Data.Tables;

/// <summary>A cell as a number, culture-free: digits with an optional sign, point and exponent, and spaces around.</summary>
internal static class CellNumber
{
    /// <summary>What the word for a missing value may be, in any case; an empty cell is missing too.</summary>
    private static readonly string[] MissingWords = ["NA", "NaN", "null", "?"];

    private const NumberStyles Style =
        NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static bool IsMissing(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim(" \t"u8);
        if (cell.Length > 4)
        {
            return false;
        }

        Span<char> word = stackalloc char[4];
        for (var i = 0; i < cell.Length; i++)
        {
            word[i] = (char)cell[i];
        }

        foreach (var missing in MissingWords)
        {
            if (word[..cell.Length].Equals(missing, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return cell.IsEmpty;
    }

    /// <summary>The finite number that a cell says, if it says one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, out double value) =>
        double.TryParse(cell, Style, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>The number of a cell; NaN where it is missing and the policy allows it; 0 where a fault was noted.</summary>
    /// <exception cref="InvalidDataSetException">The fault was the last one that is noted.</exception>
    public static double Read(CsvRows rows, int place, MissingValues missing)
    {
        var cell = rows.Cell(place);
        if (TryRead(cell, out var value))
        {
            return value;
        }

        if (!IsMissing(cell))
        {
            rows.Note(place, $"{CellText.Quoted(cell)} {WhyNone(cell)}");
            return 0;
        }

        if (missing != MissingValues.Error)
        {
            return double.NaN;
        }

        rows.Note(place, $"the value is missing ({CellText.Quoted(cell)}); table.missing says what is taken instead: previous or mean");
        return 0;
    }

    private static string WhyNone(ReadOnlySpan<byte> cell)
    {
        if (double.TryParse(cell, Style, CultureInfo.InvariantCulture, out _))
        {
            return "is beyond what a number of 64 bits can hold";
        }

        return cell.Contains((byte)',') && double.TryParse(cell, Style | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _)
            ? "is no number: decimals have a point, and thousands no comma"
            : "is no number";
    }
}
