using System.Globalization;
using System.Text;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// What a node has to say, in the file node.log of its data directory, readable by nobody else. The file is
/// bounded: when it is full it becomes node.log.1, in the place of the one before.
/// </summary>
/// <remarks>A log that cannot be written must not stop the training: such an entry is lost.</remarks>
public sealed class NodeLog : IDisposable
{
    public const string FileName = "node.log";
    public const string OlderFileName = FileName + ".1";

    /// <summary>Of each of the two files.</summary>
    public const long MaximumFileBytes = 8 << 20;

    /// <summary>Of one entry; a longer one is cut.</summary>
    public const int MaximumEntryCharacters = 16 << 10;

    private readonly string _path;
    private readonly string _older;
    private readonly long _maximumBytes;
    private readonly Lock _writing = new();
    private FileStream? _file;
    private bool _closed;

    private NodeLog(string directory, long maximumBytes) =>
        (_path, _older, _maximumBytes) = (Path.Combine(directory, FileName), Path.Combine(directory, OlderFileName), maximumBytes);

    /// <summary>Raised for what the product itself says at Info or above, not for what its libraries say; on any thread.</summary>
    public event Action<NodeNotice>? Noticed;

    /// <summary>Goes on at the end of the file that is there.</summary>
    /// <param name="maximumBytes">Of each of the two files.</param>
    public static NodeLog Open(string directory, long maximumBytes = MaximumFileBytes) => new(directory, maximumBytes);

    /// <summary>An entry about the product's own doings, which is also raised as <see cref="Noticed"/>.</summary>
    public void Notice(DateTime at, NodeLogLevel level, string source, string text, Exception? cause)
    {
        Write(at, level, source, text, cause);
        if (level >= NodeLogLevel.Info)
        {
            var because = cause is null ? "" : $": {cause.GetBaseException().Message}";
            Noticed?.Invoke(new NodeNotice(at, level, (text + because).ReplaceLineEndings(" ")));
        }
    }

    /// <summary>An entry: time, level, who says it, what; further lines are indented.</summary>
    /// <param name="at">In UTC.</param>
    public void Write(DateTime at, NodeLogLevel level, string source, string text, Exception? cause)
    {
        var entry = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{at:yyyy-MM-ddTHH:mm:ss.fffZ} {level.ToString().ToUpperInvariant()} {source}: {text}");
        if (cause is not null)
        {
            entry.Append('\n').Append(cause);
        }

        if (entry.Length > MaximumEntryCharacters)
        {
            entry.Length = MaximumEntryCharacters;
            entry.Append('…');
        }

        Write(Encoding.UTF8.GetBytes(entry.ToString().ReplaceLineEndings("\n    ") + "\n"));
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _closed = true;
            _file?.Dispose();
        }
    }

    private void Write(byte[] entry)
    {
        lock (_writing)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                _file ??= OpenFile();
                if (_file.Position > 0 && _file.Position + entry.Length > _maximumBytes)
                {
                    _file.Dispose();
                    _file = null;
                    File.Move(_path, _older, overwrite: true);
                    _file = OpenFile();
                }

                _file.Write(entry);
            }
            catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
            {
                _file?.Dispose();
                _file = null;
            }
        }
    }

    /// <remarks>Unbuffered, so that the last words before a kill are there; shared, so that it can be followed.</remarks>
    private FileStream OpenFile() => PrivateFiles.Open(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}

/// <summary>How grave an entry of a node's log is.</summary>
public enum NodeLogLevel
{
    Debug,
    Info,
    Warning,

    /// <summary>Somebody has to do something about it.</summary>
    Error,
}

/// <summary>What a node says of its own doings, in one line.</summary>
/// <param name="At">In UTC.</param>
public sealed record NodeNotice(DateTime At, NodeLogLevel Level, string Text);
