using System.Diagnostics;
using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>A file system in memory that can be filled to its last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> WhyNot = new(Try);

    private SmallDisk(string root) => Root = root;

    /// <summary>Why there is none on this machine; null: there is.</summary>
    public static string? Lacking => WhyNot.Value;

    public string Root { get; }

    private string Filler => Path.Combine(Root, "filler");

    public static SmallDisk Mount(int megabytes)
    {
        var root = Directory.CreateTempSubdirectory("actortrainer-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}M"), "tmpfs", root);
        return new SmallDisk(root);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var bytes in new[] { 1 << 20, 1 << 12 })
        {
            try
            {
                while (true)
                {
                    filler.Write(new byte[bytes]);
                }
            }
            catch (IOException)
            {
                // No piece of that size fits any more.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", Root);
        Directory.Delete(Root);
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "only root on Linux may mount a small disk";
        }

        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"a small disk may not be mounted here: {refused.Message}";
        }
    }

    private static void Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error.Trim()}");
        }
    }
}
