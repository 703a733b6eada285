namespace ActorTrainer.Cluster.Hosting;

/// <summary>Files that only their owner can read and write.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file unbuffered; one that is made is private from the first moment, one that was not becomes so.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != Owner)
        {
            File.SetUnixFileMode(file.SafeFileHandle, Owner);
        }

        return file;
    }
}
