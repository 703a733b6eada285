namespace ActorTrainer.Cli;

/// <summary>How the user can call this program again, to be printed in the commands that it suggests.</summary>
internal static class ProgramName
{
    private const string Name = "actortrainer";

    /// <summary>For this process.</summary>
    public static string Here { get; } = StartedBy.DotnetRun(StartedBy.ParentCommandLine(), Environment.GetCommandLineArgs()[1..]) ?? Find(
        Environment.ProcessPath,
        Path.Combine(AppContext.BaseDirectory, Name + ".dll"),
        Environment.CurrentDirectory,
        Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Just the name if that is what PATH finds; else the way to it, run by `dotnet` if this process was.</summary>
    public static string Find(string? process, string assembly, string current, string? searchPath)
    {
        var isHost = process is not null && Path.GetFileNameWithoutExtension(process) == Name;
        if (!isHost)
        {
            return $"dotnet {Quote(Shortest(assembly, current))}";
        }

        var folder = Path.GetDirectoryName(process);
        var isFound = searchPath?.Split(Path.PathSeparator).Any(entry => entry.TrimEnd(Path.DirectorySeparatorChar) == folder) ?? false;
        return isFound ? Name : Quote(Shortest(process!, current));
    }

    /// <summary>A word of a command line.</summary>
    public static string Quote(string word) => word.All(c => char.IsLetterOrDigit(c) || "-_./\\:=+,@%~".Contains(c)) && word.Length > 0
        ? word
        : OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Shortest(string path, string current)
    {
        var relative = Path.GetRelativePath(current, path);
        if (relative.Length >= path.Length)
        {
            return path;
        }

        // A bare file name would be looked for on PATH.
        return relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative);
    }
}
