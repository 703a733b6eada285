using System.Globalization;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>What this process takes of the machine's memory; Linux tells it, and lets its peak be forgotten.</summary>
internal static class ProcessMemory
{
    public static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>Bytes of memory in use.</summary>
    public static long Resident => Field("VmRSS:");

    /// <summary>The most that it was since <see cref="ForgetPeak"/>.</summary>
    public static long Peak => Field("VmHWM:");

    /// <summary>Gives back what is not needed, and starts the peak anew from there.</summary>
    public static void ForgetPeak()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (IsKnown)
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
    }

    private static long Field(string name)
    {
        var line = IsKnown ? File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)) : $"{name} 0 kB";
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2].Split((char)9)[^1], CultureInfo.InvariantCulture) * 1024;
    }
}
