using System.Globalization;

namespace ActorTrainer.Cli.Reports;

/// <summary>How numbers are written for people: the same everywhere, in no machine's culture.</summary>
internal static class Quantity
{
    private static readonly string[] ByteUnits = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>1,234,567.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A loss, four decimals; tiny ones by their exponent.</summary>
    public static string Loss(double value) => Math.Abs(value) is > 0 and < 0.001
        ? value.ToString("0.00e0", CultureInfo.InvariantCulture)
        : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Two decimals below ten, one below a thousand: 3.72, 41.3, 5,120.</summary>
    public static string Short(double value) => value switch
    {
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 1_000 => value.ToString("0.0", CultureInfo.InvariantCulture),
        < 1e9 => Count(value),
        _ => value.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    /// <summary>A value of somebody's data, up to five digits that count: 51.27, 1949, 0.00032.</summary>
    public static string Value(double value) => Math.Abs(value) is >= 1e5 and < 1e15
        ? Count(value)
        : value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage, with two decimals above 99; never rounded up to a hundred.</summary>
    public static string Percent(double share) => share switch
    {
        0 or 1 => Invariant($"{100 * share:0} %"),
        > 0.9999 and < 1 => "99.99 %",
        > 0.99 and < 1 => Invariant($"{100 * share:0.00} %"),
        _ => Invariant($"{100 * share:0.0} %"),
    };

    /// <summary>"4.2 s", "38 s", "1 min 42 s", "2 h 05 min".</summary>
    public static string Duration(TimeSpan time)
    {
        // Rounded first, so that 59.6 s is a minute and not "60 s".
        var seconds = Math.Round(Math.Max(0, time.TotalSeconds));
        if (time.TotalSeconds < 9.95)
        {
            return Math.Max(0, time.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture) + " s";
        }

        var whole = TimeSpan.FromSeconds(seconds);
        return seconds switch
        {
            < 60 => Invariant($"{seconds:0} s"),
            < 3_600 => Invariant($"{whole.Minutes} min {whole.Seconds:00} s"),
            _ => Invariant($"{(long)whole.TotalHours} h {whole.Minutes:00} min"),
        };
    }

    /// <summary>"1.1 MB": powers of 1,000.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 999.5 && unit < ByteUnits.Length - 1)
        {
            bytes /= 1_000;
            unit++;
        }

        var digits = unit == 0 || bytes >= 99.95 ? "0" : "0.0";
        return bytes.ToString(digits, CultureInfo.InvariantCulture) + " " + ByteUnits[unit];
    }

    /// <summary>"1 worker", "2 workers".</summary>
    public static string Of(double count, string noun) => Count(count) + " " + noun + (count == 1 ? "" : "s");

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
