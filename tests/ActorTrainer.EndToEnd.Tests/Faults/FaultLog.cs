using System.Globalization;
using System.Text;
using ActorTrainer.EndToEnd.Tests.Clusters;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>
/// What was done to a cluster while a job ran, and what it cost: how long no step was completed, how long its watchers
/// saw none, and how many steps were done again, which they are not shown: the nodes' logs tell.
/// </summary>
internal sealed class FaultLog(JobWatch watch, ProcessCluster cluster)
{
    private readonly List<(DateTime At, long Step, string What, string Whom)> _blows = [];

    /// <summary>Notes a blow that is about to be struck.</summary>
    public void Note(string what, string whom) => _blows.Add((DateTime.UtcNow, watch.Step, what, whom));

    /// <param name="NextStep">Seconds from the blow to the first step that was completed after it, done again or not.</param>
    /// <param name="Stalled">Seconds from the blow to the end of the longest time without a step that followed at once.</param>
    /// <param name="Redone">Steps that had been seen when an incarnation started after an earlier one; of several starts the most.</param>
    public sealed record Outcome(double AtSeconds, long Step, string What, string Whom, double NextStep, double Stalled, long Redone);

    /// <summary>An outcome for each blow, judged by what came until the next one.</summary>
    public IReadOnlyList<Outcome> Outcomes()
    {
        var arrivals = watch.Arrivals;
        var begin = arrivals.Count > 0 ? arrivals[0].At : DateTime.UtcNow;
        var lines = cluster.Servers.SelectMany(server => IncarnationLine.AllIn(server.Log($"Job {watch.Job}: incarnation "))).OrderBy(line => line.At).ToList();
        var outcomes = new List<Outcome>();
        for (var i = 0; i < _blows.Count; i++)
        {
            var (at, step, what, whom) = _blows[i];
            var end = i + 1 < _blows.Count ? _blows[i + 1].At : DateTime.MaxValue;
            JobWatch.Arrival[] after = [.. arrivals.Where(arrival => arrival.At > at && arrival.At <= end)];
            IncarnationLine[] lived = [.. lines.Where(line => line.At > at && line.At <= end)];
            var stalled = Stalled(at, what, after);
            outcomes.Add(new Outcome(
                (at - begin).TotalSeconds, step, what, whom, NextStep(at, lived) ?? stalled, stalled, Redone(arrivals, lived.Where(line => line.Starts))));
        }

        return outcomes;
    }

    public string Table(int checkpointInterval)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{"at",8} {"step",7}  {"what",-14} {"whom",-6} {"next step after",15} {"watchers see new",17} {"redone",7}");
        var outcomes = Outcomes();
        foreach (var blow in outcomes)
        {
            table.AppendLine(
                CultureInfo.InvariantCulture, $"{blow.AtSeconds,6:F1} s {blow.Step,7}  {blow.What,-14} {blow.Whom,-6} {blow.NextStep,13:F2} s {blow.Stalled,15:F2} s {blow.Redone,7}");
        }

        foreach (var kind in outcomes.GroupBy(blow => (What: blow.What.Split(' ')[0], Role: blow.Whom[..1])))
        {
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"{kind.Key.What} of {kind.Key.Role}: {kind.Count()}, next step after at most {kind.Max(blow => blow.NextStep):F2} s, watchers see a new one after {kind.Max(blow => blow.Stalled):F2} s, at most {kind.Max(blow => blow.Redone)} steps redone (interval {checkpointInterval})");
        }

        return table.ToString();
    }

    /// <summary>
    /// Where the longest gap ends that begins soon after the blow: steps on their way when it was struck come at once
    /// and say nothing, and those after it may be slow again for other reasons. Who is asked to leave takes its time.
    /// </summary>
    private static double Stalled(DateTime at, string what, JobWatch.Arrival[] after)
    {
        var soon = at + TimeSpan.FromSeconds(what.StartsWith("SIGTERM", StringComparison.Ordinal) ? 10 : 1);
        var (last, longest, end) = (at, TimeSpan.Zero, at);
        foreach (var arrival in after.Where(arrival => arrival.Step > 0))
        {
            if (last <= soon && arrival.At - last > longest)
            {
                (longest, end) = (arrival.At - last, arrival.At);
            }

            last = arrival.At;
        }

        return (end - at).TotalSeconds;
    }

    /// <summary>Null: no incarnation began, so that no step was done again.</summary>
    private static double? NextStep(DateTime at, IncarnationLine[] lived) =>
        lived.FirstOrDefault(line => line.Starts) is { } start
        && lived.Where(line => !line.Starts && line.Incarnation >= start.Incarnation).MinBy(line => line.At) is { } first
            ? (first.At - at).TotalSeconds
            : null;

    private static long Redone(IReadOnlyList<JobWatch.Arrival> arrivals, IEnumerable<IncarnationLine> starts) => starts
        .Select(start => arrivals.Where(arrival => arrival.At <= start.At).Select(arrival => arrival.Step).DefaultIfEmpty().Max() - start.Step)
        .Append(0)
        .Max();
}
