using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>A line of a node's log about an incarnation of a job.</summary>
/// <param name="Starts">It starts after the step; else it has completed the step, its first.</param>
internal sealed partial record IncarnationLine(DateTime At, long Incarnation, bool Starts, long Step)
{
    /// <summary>All that some lines of a log tell of.</summary>
    public static IEnumerable<IncarnationLine> AllIn(string lines) => Line().Matches(lines).Select(line => new IncarnationLine(
        DateTime.Parse(line.Groups["at"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
        long.Parse(line.Groups["incarnation"].Value, CultureInfo.InvariantCulture),
        line.Groups["starts"].Success,
        long.Parse(line.Groups["step"].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(
        @"^(?<at>\S+Z) .*incarnation (?<incarnation>\d+) ((?<starts>starts after)|has completed) step (?<step>\d+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
