using System.Globalization;

namespace ActorTrainer.Data.Sequences;

/// <summary>
/// The order of classes and of named events: where all names are integers they ascend as numbers, else by
/// code points, which no culture can change (B12).
/// </summary>
internal static class KindOrder
{
    /// <summary>The order that fits these names.</summary>
    public static IComparer<string> Of(IEnumerable<string> names) => Comparer<string>.Create(
        names.All(name => Integer(name) is not null) ? CompareIntegers : CompareCodePoints);

    private static long? Integer(string name) =>
        long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    // "7" and "07" are two names of one number.
    private static int CompareIntegers(string left, string right)
    {
        var order = Integer(left)!.Value.CompareTo(Integer(right)!.Value);
        return order == 0 ? CompareCodePoints(left, right) : order;
    }

    private static int CompareCodePoints(string left, string right)
    {
        var (l, r) = (left.EnumerateRunes(), right.EnumerateRunes());
        while (true)
        {
            var (more, other) = (l.MoveNext(), r.MoveNext());
            if (!more || !other)
            {
                return more.CompareTo(other);
            }

            var order = l.Current.CompareTo(r.Current);
            if (order != 0)
            {
                return order;
            }
        }
    }
}
