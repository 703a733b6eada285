using System.Collections.Immutable;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>A text as a job file names it.</summary>
/// <param name="Path">A file or folder, as written.</param>
/// <param name="At">Where it was written, which decides what it is relative to.</param>
/// <param name="Include">Patterns of file names that count in a folder; empty: all.</param>
internal sealed record TextReference(string Path, Position At, ImmutableArray<string> Include)
{
    /// <summary>The folder that stands in for the job file's own when the text is not there.</summary>
    public const string DataVariable = "ACTORTRAINER_DATA";

    /// <summary>
    /// The full path. In a file it is relative to the file, and then to the folder of data, so that one
    /// job file serves on machines that keep their data elsewhere; in an option to where the user stands.
    /// </summary>
    /// <exception cref="JobFileException">There is no such file or folder.</exception>
    public string Locate(string jobFile, string? dataFolder)
    {
        var isOption = At.Line == 0;
        var nearby = isOption
            ? System.IO.Path.GetFullPath(Path)
            : System.IO.Path.GetFullPath(Path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(jobFile))!);
        if (Exists(nearby))
        {
            return nearby;
        }

        var inData = string.IsNullOrEmpty(dataFolder) ? null : System.IO.Path.GetFullPath(Path, System.IO.Path.GetFullPath(dataFolder));
        if (inData is not null && Exists(inData))
        {
            return inData;
        }

        throw new JobFileException(At, inData is null
            ? $"no text at {nearby}"
            : $"no text at {nearby} nor at {inData}");
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
