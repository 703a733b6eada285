using System.Collections.Immutable;
using System.IO.Enumeration;

namespace ActorTrainer.Data;

/// <summary>
/// What a job file's path names: a text file, or a folder whose files are read one after another as one
/// text. Only the program that submits a job sees paths; the run knows the bytes by their hash.
/// </summary>
/// <remarks>
/// Of a folder those files count whose names match one of the patterns, in folders of any depth but
/// those named bin, obj or .git and those that are links. They are read in ordinal order of their paths
/// (with / between the parts), with a line feed between two files and without their byte order marks.
/// </remarks>
public sealed class TextSource
{
    /// <summary>Most bytes of a text, 1 GiB, unless the caller says otherwise.</summary>
    public const long DefaultLimit = 1L << 30;

    private static readonly ImmutableArray<string> IgnoredFolders = ["bin", "obj", ".git"];

    private readonly bool _joined;

    private TextSource(ImmutableArray<string> files, bool joined) => (Files, _joined) = (files, joined);

    /// <summary>Paths of the files, in the order in which they are read.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>Finds the files that a path names.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="include">File name patterns with * and ?, case-sensitive, e.g. *.cs; none: every file. Only for a folder.</param>
    /// <param name="limit">Most bytes of the whole text.</param>
    /// <exception cref="InvalidTextException">There is nothing at the path, no file matches, or the text is too large.</exception>
    public static TextSource Find(string path, ImmutableArray<string> include, long limit = DefaultLimit)
    {
        if (File.Exists(path))
        {
            RequireSize(path, new FileInfo(path).Length, limit);
            return new TextSource([path], joined: false);
        }

        if (!Directory.Exists(path))
        {
            throw new InvalidTextException($"There is no file or folder at '{path}' (seen from '{Environment.CurrentDirectory}').");
        }

        var files = FilesIn(path, include);
        if (files.IsEmpty)
        {
            throw new InvalidTextException($"No file in folder '{path}' matches {string.Join(", ", include)}.");
        }

        var size = 0L;
        foreach (var file in files)
        {
            size += new FileInfo(file).Length + 1;
        }

        RequireSize(path, size - 1, limit);
        return new TextSource(files, joined: true);
    }

    /// <summary>The text as one stream of bytes; a single file's bytes as they are.</summary>
    public Stream OpenRead() => _joined ? new JoinedFilesStream(Files) : File.OpenRead(Files[0]);

    /// <summary>The SHA-256 of the bytes of <see cref="OpenRead"/>, read once for it.</summary>
    public string Sha256()
    {
        using var content = OpenRead();
        return ContentHash.Sha256Of(content);
    }

    private static ImmutableArray<string> FilesIn(string folder, ImmutableArray<string> include)
    {
        var found = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = false,
        })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && Matches(entry.FileName, include),
            ShouldRecursePredicate = (ref entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !IgnoredFolders.Contains(entry.FileName.ToString()),
        };

        return [.. found.OrderBy(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal)];
    }

    private static bool Matches(ReadOnlySpan<char> name, ImmutableArray<string> include)
    {
        if (include.IsDefaultOrEmpty)
        {
            return true;
        }

        foreach (var pattern in include)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }

    private static void RequireSize(string path, long size, long limit)
    {
        if (size > limit)
        {
            throw new InvalidTextException($"The text at '{path}' has {size} bytes; the most is {limit}.");
        }
    }
}
