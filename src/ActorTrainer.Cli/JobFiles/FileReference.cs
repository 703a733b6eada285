using System.Collections.Immutable;
using Google.Protobuf;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>Data as a job file names it.</summary>
/// <param name="Message">The part of the job that names it; its hash is missing there until the file is found.</param>
/// <param name="Path">A file or folder, as written.</param>
/// <param name="At">Where it was written, which decides what it is relative to.</param>
/// <param name="Include">Patterns of file names that count in a folder; empty: all.</param>
internal sealed record FileReference(IMessage Message, string Path, Position At, ImmutableArray<string> Include)
{
    /// <summary>The folder that stands in for the job file's own when the data is not there.</summary>
    public const string DataVariable = "ACTORTRAINER_DATA";

    /// <summary>
    /// The full path. In a file it is relative to the file, and then to the folder of data, so that one
    /// job file serves on machines that keep their data elsewhere; in an option to where the user stands.
    /// </summary>
    /// <exception cref="JobFileException">There is no such file or folder; every place looked at is named.</exception>
    public string Locate(string jobFile, string? dataFolder)
    {
        var isOption = At.Line == 0;
        var nearby = isOption
            ? System.IO.Path.GetFullPath(Path)
            : System.IO.Path.GetFullPath(Path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(jobFile))!);
        string[] places = string.IsNullOrEmpty(dataFolder)
            ? [nearby]
            : [nearby, System.IO.Path.GetFullPath(Path, System.IO.Path.GetFullPath(dataFolder))];
        var found = Array.Find(places, place => File.Exists(place) || Directory.Exists(place))
            ?? throw new JobFileException(At, Missing(places));
        return Schema.TakesFolder(Message.Descriptor) || File.Exists(found)
            ? found
            : throw new JobFileException(At, $"{found} is a folder; one file is expected here");
    }

    private static string Missing(string[] places) => places.Length == 1
        ? $"no file at {places[0]}; a folder that the environment variable {DataVariable} names would be looked into too"
        : $"no file at {string.Join(" nor at ", places.Distinct())}";

    /// <summary>Puts the hash of what was found where the job has its place.</summary>
    public void Resolve(string sha256) =>
        Message.Descriptor.FindFieldByName(Schema.HashField).Accessor.SetValue(Message, sha256);
}
