namespace ActorTrainer.Cli;

/// <summary>The command line that started this program through `dotnet run`, which stays its parent.</summary>
internal static class StartedBy
{
    /// <summary>"dotnet run --project src/ActorTrainer.Cli --", to be followed by other arguments; null if this program was started otherwise.</summary>
    /// <param name="parent">The parent's command line.</param>
    /// <param name="own">This program's arguments, which are the end of it.</param>
    public static string? DotnetRun(IReadOnlyList<string> parent, IReadOnlyList<string> own)
    {
        if (parent.Count < 2 || Path.GetFileNameWithoutExtension(parent[0]) != "dotnet" || parent[1] != "run")
        {
            return null;
        }

        var options = parent.Take(parent.Count - own.Count);
        if (!parent.Skip(parent.Count - own.Count).SequenceEqual(own, StringComparer.Ordinal))
        {
            return null;
        }

        return string.Join(' ', ["dotnet", .. options.Skip(1).Where(option => option != "--").Select(ProgramName.Quote), "--"]);
    }

    /// <summary>The parent's command line where the system shows it; else empty.</summary>
    public static IReadOnlyList<string> ParentCommandLine()
    {
        try
        {
            // "pid (name) state parent …"; the name may hold anything, brackets and blanks too.
            var status = File.ReadAllText("/proc/self/stat");
            var parent = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return File.ReadAllText($"/proc/{parent}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return [];
        }
    }
}
