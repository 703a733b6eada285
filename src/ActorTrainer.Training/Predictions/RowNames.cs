using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Training.Predictions;

/// <summary>Goes on with the names of a table's rows where they go on regularly: whole numbers, months, days, times of day.</summary>
internal static class RowNames
{
    /// <summary>How many of the last names are looked at.</summary>
    public const int Looked = 64;

    private static readonly string[] DayFormats = ["yyyy-MM-dd", "yyyy/MM/dd"];
    private static readonly string[] MonthFormats = ["yyyy-MM", "yyyy/MM"];

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>The names of the rows after those; +1, +2, … where the rule of the names is not plain, and 1, 2, … where there are none.</summary>
    public static ImmutableArray<string> After(ImmutableArray<string> names, int count)
    {
        var next = names.Length < 2 ? null : Numbers(names, count) ?? Months(names, count) ?? Days(names, count) ?? Times(names, count);
        return next ?? [.. Enumerable.Range(1, count).Select(ahead => (names.IsEmpty ? "" : "+") + ahead.ToString(CultureInfo.InvariantCulture))];
    }

    private static ImmutableArray<string>? Numbers(ImmutableArray<string> names, int count)
    {
        var numbers = new long[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!long.TryParse(names[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])
                || numbers[i].ToString(CultureInfo.InvariantCulture) != names[i])
            {
                return null;
            }
        }

        return StepOf(numbers) is { } step ? Named(count, ahead => (numbers[^1] + (step * ahead)).ToString(CultureInfo.InvariantCulture)) : null;
    }

    private static ImmutableArray<string>? Months(ImmutableArray<string> names, int count)
    {
        if (FormatOf(names, MonthFormats, out var dates) is not { } format)
        {
            return null;
        }

        return StepOf([.. dates.Select(MonthOf)]) is { } step
            ? Named(count, ahead => dates[^1].AddMonths(checked((int)(step * ahead))).ToString(format, CultureInfo.InvariantCulture))
            : null;
    }

    private static ImmutableArray<string>? Days(ImmutableArray<string> names, int count)
    {
        if (FormatOf(names, DayFormats, out var dates) is not { } format)
        {
            return null;
        }

        // The same day of each month, or the last day of each; before days, since July to September are 31 days apart.
        var areEnds = dates.All(date => date.Day == DateTime.DaysInMonth(date.Year, date.Month));
        if ((areEnds || dates.All(date => date.Day == dates[0].Day)) && StepOf([.. dates.Select(MonthOf)]) is { } months)
        {
            var first = dates[^1].AddDays(1 - dates[^1].Day);
            return Named(count, ahead => InMonth(first.AddMonths(checked((int)(months * ahead)))).ToString(format, CultureInfo.InvariantCulture));
        }

        return StepOf([.. dates.Select(date => date.Ticks / TimeSpan.TicksPerDay)]) is { } days
            ? Named(count, ahead => dates[^1].AddDays(days * ahead).ToString(format, CultureInfo.InvariantCulture))
            : null;

        DateTime InMonth(DateTime first)
        {
            var last = DateTime.DaysInMonth(first.Year, first.Month);
            return first.AddDays((areEnds ? last : Math.Min(dates[^1].Day, last)) - 1);
        }
    }

    private static ImmutableArray<string>? Times(ImmutableArray<string> names, int count)
    {
        if (FormatOf(names, TimeFormats, out var times) is not { } format)
        {
            return null;
        }

        return StepOf([.. times.Select(time => time.Ticks)]) is { } step
            ? Named(count, ahead => times[^1].AddTicks(step * ahead).ToString(format, CultureInfo.InvariantCulture))
            : null;
    }

    private static long MonthOf(DateTime date) => (12L * date.Year) + date.Month;

    /// <summary>The one difference between neighbours, if there is one and it is not 0.</summary>
    private static long? StepOf(ReadOnlySpan<long> values)
    {
        var step = unchecked(values[1] - values[0]);
        for (var i = 2; i < values.Length; i++)
        {
            if (unchecked(values[i] - values[i - 1]) != step)
            {
                return null;
            }
        }

        return step == 0 ? null : step;
    }

    private static string? FormatOf(ImmutableArray<string> names, string[] formats, out DateTime[] dates)
    {
        dates = new DateTime[names.Length];
        foreach (var format in formats)
        {
            var fitting = 0;
            while (fitting < names.Length
                && DateTime.TryParseExact(names[fitting], format, CultureInfo.InvariantCulture, DateTimeStyles.None, out dates[fitting]))
            {
                fitting++;
            }

            if (fitting == names.Length)
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Null where the calendar, or the numbers, end before.</summary>
    private static ImmutableArray<string>? Named(int count, Func<long, string> name)
    {
        try
        {
            return [.. Enumerable.Range(1, count).Select(ahead => name(ahead))];
        }
        catch (Exception end) when (end is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }
}
