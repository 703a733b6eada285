using System.Text;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Files and folders of a data directory that only their owner can read and write.</summary>
public static class PrivateFiles
{
    private const string Unfinished = ".new";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes the directory if need be, and closes it to everybody else.</summary>
    public static void EnsureDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var directory = Directory.CreateDirectory(path, OwnerDirectory);
        if (directory.UnixFileMode != OwnerDirectory)
        {
            File.SetUnixFileMode(path, OwnerDirectory);
        }
    }

    /// <summary>Opens a file unbuffered; one that is made is private from the first moment, one that was not becomes so.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != OwnerFile)
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnerFile);
        }

        return file;
    }

    /// <summary>
    /// Makes sure that others cannot read the file. A read-only one is believed: it was put there for us by
    /// somebody else, as container engines mount secrets (often with mode 0444, or on a read-only mount).
    /// </summary>
    /// <exception cref="InvalidDataException">It is ours, and others can read or write it.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    public static void RequireSecret(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        const UnixFileMode Writers = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0 && (mode & Writers) != 0 && CanWrite(path))
        {
            throw new InvalidDataException($"{path} can be read or written by others, so it is no secret; take that from them with: chmod 600 {path}");
        }
    }

    /// <summary>Puts the text in the place of what the file held: a reader finds the old text or the new.</summary>
    /// <param name="durable">False: after a power cut it may be neither, which is no harm to what only a running process says.</param>
    public static void WriteWhole(string path, string text, bool durable = true)
    {
        var beside = $"{path}.{Guid.NewGuid():n}{Unfinished}";
        try
        {
            using (var file = Open(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: durable);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Deletes what writers of whole files have left in a directory when they were killed; for who has it alone.</summary>
    public static void SweepUnfinished(string directory)
    {
        foreach (var left in Directory.EnumerateFiles(directory, $"*.{new string('?', 32)}{Unfinished}"))
        {
            File.Delete(left);
        }
    }

    private static bool CanWrite(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return true;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
