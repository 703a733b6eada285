using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>
/// Gathers what is wrong with a message while it is read, so that all of it is said at once. Every
/// reader gives back a value that does no further harm.
/// </summary>
internal sealed class FieldProblems
{
    private readonly List<FieldViolation> _found = [];

    public void Add(string field, string found, string allowed, string? nearest = null) =>
        _found.Add(new FieldViolation(field, found, allowed, nearest));

    /// <summary>A part that must be there and is not, or a choice that was not made.</summary>
    public void Missing(string field, string allowed) => Add(field, "nothing", allowed);

    public int Int(string field, uint value)
    {
        if (value <= int.MaxValue)
        {
            return (int)value;
        }

        Add(field, Text(value), $"at most {int.MaxValue}", Text(int.MaxValue));
        return int.MaxValue;
    }

    public long Long(string field, ulong value)
    {
        if (value <= long.MaxValue)
        {
            return (long)value;
        }

        Add(field, Text(value), $"at most {long.MaxValue}", Text(long.MaxValue));
        return long.MaxValue;
    }

    /// <summary>An enum value this version does not know, from a newer client.</summary>
    public T Unknown<T>(string field, Enum value, string allowed, T instead)
    {
        Add(field, Convert.ToInt32(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture), allowed);
        return instead;
    }

    /// <summary>
    /// These problems and the ones that the rules of a recipe found, without what was said of a field already:
    /// a rule that looked at a stand-in value has nothing to tell.
    /// </summary>
    public ImmutableArray<FieldViolation> With(ImmutableArray<FieldViolation> rules)
    {
        var all = ImmutableArray.CreateBuilder<FieldViolation>();
        all.AddRange(_found);
        all.AddRange(rules.Where(rule => !_found.Any(known => Covers(known.Field, rule.Field))));
        return all.ToImmutable();
    }

    private static bool Covers(string known, string field) =>
        field.StartsWith(known, StringComparison.Ordinal)
        && (field.Length == known.Length || field[known.Length] is '.' or '[');

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
