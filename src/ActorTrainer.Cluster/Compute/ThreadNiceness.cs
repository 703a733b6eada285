using System.Runtime.InteropServices;

namespace ActorTrainer.Cluster.Compute;

/// <summary>Lets heartbeats go before gradients. .NET's thread priorities do nothing on Linux.</summary>
internal static partial class ThreadNiceness
{
    /// <summary>A third of the weight of a thread that is not niced: enough to let others go first, and not to starve beside a busy program.</summary>
    private const int Nice = 5;
    private const int PrioProcess = 0;

    /// <summary>Does nothing where the platform has no such call; a refusal costs speed only, so it is not told.</summary>
    public static void LowerOfThisThread()
    {
        if (OperatingSystem.IsLinux())
        {
            // 0 names the calling thread: on Linux priorities belong to threads.
            _ = SetPriority(PrioProcess, 0, Nice);
        }
    }

    /// <summary>Niceness of the calling thread; 0 where there is no such thing.</summary>
    public static int OfThisThread() => OperatingSystem.IsLinux() ? GetPriority(PrioProcess, 0) : 0;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);
}
