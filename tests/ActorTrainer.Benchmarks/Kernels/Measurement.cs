using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorTrainer.Benchmarks.Kernels;

/// <summary>
/// Seconds that a piece of work takes: many short bursts, the median and the best of them. On Linux it is
/// the thread's own processor time, so that neighbours on the machine take caches from it, but not time.
/// </summary>
internal static class Measurement
{
    private const double BurstSeconds = 0.002;

    public readonly record struct Result(double Median, double Best);

    /// <param name="work">Done once to warm up, then as often as a burst needs.</param>
    /// <param name="bursts">Bursts to take the median of.</param>
    public static Result Of(Action work, int bursts = 25)
    {
        work();
        var repeats = 1;
        while (Burst(work, repeats) * repeats < BurstSeconds)
        {
            repeats *= 2;
        }

        var seconds = new double[bursts];
        for (var i = 0; i < bursts; i++)
        {
            seconds[i] = Burst(work, repeats);
        }

        Array.Sort(seconds);
        return new(seconds[bursts / 2], seconds[0]);
    }

    private static double Burst(Action work, int repeats)
    {
        var start = Seconds();
        for (var i = 0; i < repeats; i++)
        {
            work();
        }

        return (Seconds() - start) / repeats;
    }

    private static double Seconds()
    {
        const int ThreadCpuTime = 3;
        if (OperatingSystem.IsLinux() && clock_gettime(ThreadCpuTime, out var time) == 0)
        {
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
