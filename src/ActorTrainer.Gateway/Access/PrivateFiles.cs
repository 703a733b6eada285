using System.Text;

namespace ActorTrainer.Gateway.Access;

/// <summary>Files of a data directory that only its owner can read, never seen half-written.</summary>
internal static class PrivateFiles
{
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

    /// <summary>Puts the text in the place of what the file held: a reader finds the old text or the new.</summary>
    public static void WriteWhole(string path, string text)
    {
        var beside = $"{path}.{Guid.NewGuid():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        try
        {
            using (var file = new FileStream(beside, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
