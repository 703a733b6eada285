using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>A line of a node's log: an incarnation of a job starts, after this step.</summary>
internal sealed partial record IncarnationStart(DateTime At, long Incarnation, long Step)
{
    /// <summary>All that some lines of a log tell of.</summary>
    public static IEnumerable<IncarnationStart> AllIn(string lines) => Line().Matches(lines).Select(line => new IncarnationStart(
        DateTime.Parse(line.Groups["at"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
        long.Parse(line.Groups["incarnation"].Value, CultureInfo.InvariantCulture),
        long.Parse(line.Groups["step"].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"^(?<at>\S+Z) .*incarnation (?<incarnation>\d+) starts after step (?<step>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
