using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>A job as a file describes it: the API's message, the data it names by path, and where each field stands.</summary>
internal sealed class JobFile
{
    private readonly IReadOnlyDictionary<string, Position> _positions;

    private JobFile(string path, JobSpec spec, ImmutableArray<FileReference> files, IReadOnlyDictionary<string, Position> positions)
    {
        (Path, Spec, Files, _positions) = (path, spec, files, positions);
    }

    /// <summary>As the user named it.</summary>
    public string Path { get; }

    /// <summary>Without the hashes of what is named by path.</summary>
    public JobSpec Spec { get; }

    /// <summary>What is named by path, in the order of the file.</summary>
    public ImmutableArray<FileReference> Files { get; }

    /// <summary>Reads a file, changed by options.</summary>
    /// <exception cref="JobFileException">With every error, in the order of the file.</exception>
    public static JobFile Read(string path, IEnumerable<Setting> settings) => Parse(Load(path), path, settings);

    /// <param name="path">Stands in error messages.</param>
    /// <exception cref="JobFileException">With every error, in the order of the text.</exception>
    public static JobFile Parse(string text, string path, IEnumerable<Setting> settings)
    {
        var errors = new List<JobFileError>();
        var root = YamlReader.ReadDocument(text, path, errors);
        if (root is YamlScalar { IsNull: true } && settings.Any())
        {
            root = new YamlMapping(root.At, []);
        }

        foreach (var setting in settings)
        {
            try
            {
                if (root is YamlMapping mapping)
                {
                    setting.Apply(mapping, errors);
                }
            }
            catch (JobFileException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        var binder = new SpecBinder(errors);
        var spec = binder.BindJob(root);
        if (errors.Count > 0)
        {
            throw new JobFileException([.. errors.OrderBy(error => error.At.Line).ThenBy(error => error.At.Column)]);
        }

        return new JobFile(path, spec, [.. binder.Files], binder.Positions);
    }

    /// <summary>Where a field was written, or else the nearest part around it that was.</summary>
    public Position PositionOf(string field)
    {
        for (var path = field; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (_positions.TryGetValue(path, out var position))
            {
                return position;
            }
        }

        return new Position(Path, 1, 1);
    }

    private static string Load(string path)
    {
        var at = new Position(path, 0, 0);
        try
        {
            var bytes = ReadBounded(path);
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException wrong)
        {
            throw new JobFileException(at, $"is not UTF-8: byte {wrong.Index} begins no character");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new JobFileException(at, "no such file");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new JobFileException(at, $"cannot be read: {unreadable.Message}");
        }
    }

    private static byte[] ReadBounded(string path)
    {
        const int MaximumBytes = 4 * YamlReader.MaximumLength;
        using var stream = File.OpenRead(path);
        var bytes = new byte[Math.Min(stream.Length, MaximumBytes + 1)];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read <= MaximumBytes
            ? bytes[..read]
            : throw new JobFileException(new Position(path, 0, 0), $"has more than {MaximumBytes:N0} bytes; that is no job file");
    }
}
