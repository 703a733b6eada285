using System.Runtime.InteropServices;

namespace ActorTrainer.Benchmarks.Libtorch;

/// <summary>Loads libtorch before TorchSharp does, which would not say what is wrong.</summary>
internal static class NativeBackend
{
    /// <summary>
    /// TorchSharp was linked where libstdc++ had this version, for a symbol that it names and never uses; Debian 12's
    /// has it not. The copy in our output asks for it without insisting.
    /// </summary>
    private const string Unneeded = "GLIBCXX_3.4.32";

    /// <exception cref="DllNotFoundException">It does not load; the message is the loader's.</exception>
    public static void Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "native");
        NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
        var wrapper = Path.Combine(folder, "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(wrapper);
        }
        catch (DllNotFoundException refused) when (refused.Message.Contains(Unneeded, StringComparison.Ordinal) && VersionNeeds.Soften(wrapper, Unneeded))
        {
            NativeLibrary.Load(wrapper);
        }
    }
}
