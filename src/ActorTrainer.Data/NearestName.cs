namespace ActorTrainer.Data;

/// <summary>Finds the known name that somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>Longer texts are no misspelt names; they are not compared.</summary>
    private const int LongestName = 64;

    /// <summary>
    /// The candidate with the fewest slips (a character left out, added, replaced, or two neighbours
    /// swapped) from <paramref name="name"/>, ignoring case: at most two, and fewer than half of the
    /// name's characters. The first of equals; null if none is near.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        string? nearest = null;
        var fewest = Math.Min(2, (name.Length - 1) / 2) + 1;
        var lower = name.ToLowerInvariant();
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - name.Length) >= fewest)
            {
                continue;
            }

            var slips = Slips(lower, candidate.ToLowerInvariant());
            if (slips < fewest)
            {
                (nearest, fewest) = (candidate, slips);
            }
        }

        return nearest;
    }

    // Optimal string alignment: Damerau-Levenshtein in which no part is edited twice.
    private static int Slips(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var now = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(
                    Math.Min(last[j], now[j - 1]) + 1,
                    last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    now[j] = Math.Min(now[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, now) = (last, now, beforeLast);
        }

        return last[b.Length];
    }
}
