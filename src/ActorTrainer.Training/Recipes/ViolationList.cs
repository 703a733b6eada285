using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Training.Recipes;

/// <summary>Collects all that is wrong with a job while its parts are walked.</summary>
internal sealed class ViolationList
{
    private readonly ImmutableArray<FieldViolation>.Builder _found = ImmutableArray.CreateBuilder<FieldViolation>();

    public bool IsEmpty => _found.Count == 0;

    public ImmutableArray<FieldViolation> ToImmutable() => _found.ToImmutable();

    public void Add(string field, string found, string allowed, string? nearest = null) =>
        _found.Add(new FieldViolation(field, found, allowed, nearest));

    public void Range(string field, long found, long low, long high, string unit = "")
    {
        if (found < low || found > high)
        {
            Add(field, Text(found), $"{Text(low)} to {Text(high)}{(unit.Length == 0 ? "" : " " + unit)}");
        }
    }

    /// <summary>Refuses a number outside [low, high], NaN, and −0, which is written as 0 and would not be the same run.</summary>
    public void Range(string field, double found, double low, double high) =>
        Number(field, found, found >= low && found <= high, $"{Text(low)} to {Text(high)}");

    /// <summary>As <see cref="Range(string, double, double, double)"/> for numbers that must not be 0: (0, high].</summary>
    public void Positive(string field, double found, double high) =>
        Number(field, found, found > 0 && found <= high, $"above 0, to {Text(high)}");

    public void Number(string field, double found, bool holds, string allowed)
    {
        if (!holds || !double.IsFinite(found) || (found == 0 && double.IsNegative(found)))
        {
            Add(field, Text(found), allowed);
        }
    }

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text of a user's in quotes, cut where it is long, without characters that move a terminal.</summary>
    public static string Quoted(string value)
    {
        var shown = value.Length <= 80 ? value : value[..80] + "…";
        return "\"" + string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c)) + "\"";
    }
}
