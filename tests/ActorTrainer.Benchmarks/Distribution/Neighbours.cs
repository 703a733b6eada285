using System.Diagnostics;
using System.Globalization;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>
/// What other processes took of the machine since a moment: two threads are slowed by a neighbour where
/// one is not, so that a measurement beside one says nothing. Known on Linux only; 0 elsewhere.
/// </summary>
internal sealed class Neighbours
{
    /// <summary>Share of the machine up to which a measurement counts.</summary>
    public const double Tolerated = 0.04;

    private const double TicksPerSecond = 100;

    private readonly double _all;
    private readonly double _idle;
    private readonly double _own;

    private readonly IReadOnlyList<Process> _children;

    private Neighbours(IReadOnlyList<Process> children) =>
        (_children, _all, _idle, _own) = (children, All(out var idle), idle, Own(children));

    /// <summary>Share of all cores' time, 0 to 1, since this object was made.</summary>
    public double Share
    {
        get
        {
            var all = All(out var idle) - _all;
            return all > 0 ? Math.Max(0, (all - (idle - _idle) - (Own(_children) - _own)) / all) : 0;
        }
    }

    /// <param name="children">Processes that belong to the measurement as this one does.</param>
    public static Neighbours FromNow(params IReadOnlyList<Process> children) => new(children);

    private static double Own(IReadOnlyList<Process> children)
    {
        var seconds = Environment.CpuUsage.TotalTime.TotalSeconds;
        foreach (var child in children)
        {
            child.Refresh();
            seconds += child.TotalProcessorTime.TotalSeconds;
        }

        return seconds;
    }

    /// <summary>Seconds of all cores since the machine started, and those of them that nobody used.</summary>
    private static double All(out double idle)
    {
        idle = 0;
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        // cpu user nice system idle iowait irq softirq steal; what follows is counted in the first two already.
        double[] fields = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond)];
        idle = fields[3] + fields[4];
        return fields.Sum();
    }
}
