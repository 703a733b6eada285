using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>
/// Reads the plain-data part of YAML from the parser's event stream. Anchors, aliases and tags are
/// refused where they stand: an alias can make 300 bytes a walk of fifty million nodes, and a tag asks
/// for a type by name.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Characters of a document.</summary>
    public const int MaximumLength = 256 * 1024;

    /// <summary>Mappings and lists within one another.</summary>
    public const int MaximumDepth = 24;

    /// <summary>Scalars, lists and mappings of a document.</summary>
    public const int MaximumNodes = 20_000;

    private readonly string _source;
    private readonly bool _hasLines;
    private readonly List<JobFileError> _errors;
    private readonly IParser _events;
    private int _nodes;

    private YamlReader(string text, string source, bool hasLines, List<JobFileError> errors)
    {
        (_source, _hasLines, _errors) = (source, hasLines, errors);
        _events = new Parser(new StringReader(text));
    }

    /// <summary>The one document of a file.</summary>
    /// <param name="errors">Receives what a job file may not use; reading goes on behind it.</param>
    /// <exception cref="JobFileException">It is not YAML, or beyond a bound.</exception>
    public static YamlNode ReadDocument(string text, string source, List<JobFileError> errors) =>
        Read(text, source, hasLines: true, errors);

    /// <summary>The value of an option: a scalar, or a list or mapping in one line.</summary>
    /// <exception cref="JobFileException">As above; the position is the option.</exception>
    public static YamlNode ReadValue(string text, string option, List<JobFileError> errors) =>
        Read(text, option, hasLines: false, errors);

    private static YamlNode Read(string text, string source, bool hasLines, List<JobFileError> errors)
    {
        if (text.Length > MaximumLength)
        {
            throw new JobFileException(
                new Position(source, 0, 0),
                $"has {text.Length:N0} characters; a job file has at most {MaximumLength:N0}");
        }

        var reader = new YamlReader(text, source, hasLines, errors);
        try
        {
            return reader.ReadStream();
        }
        catch (YamlException broken)
        {
            throw new JobFileException(reader.At(broken.Start), $"not YAML: {Reason(broken)}");
        }
        catch (Exception unforeseen) when (unforeseen is InvalidOperationException or ArgumentException or FormatException)
        {
            // The scanner answers some malformed escapes with these instead of a YamlException.
            throw new JobFileException(reader.At(reader._events.Current?.End ?? Mark.Empty), "not YAML from here on");
        }
    }

    private YamlNode ReadStream()
    {
        Next();
        Next();
        if (_events.Current is StreamEnd)
        {
            return new YamlScalar(At(_events.Current.Start), "", IsPlain: true);
        }

        if (_events.Current is DocumentStart { Tags.Count: > 0 } directives && directives.Tags.Any(tag => tag.Handle is not ("!" or "!!")))
        {
            Report(At(directives.Start), "tags are not allowed in a job file");
        }

        Next();
        var root = ReadNode(depth: 1);
        Next();
        Next();
        return _events.Current is StreamEnd
            ? root
            : throw new JobFileException(At(_events.Current!.Start), "a second document starts here; a job file holds one");
    }

    /// <summary>The node at the current event; leaves its last event current.</summary>
    private YamlNode ReadNode(int depth)
    {
        var first = _events.Current!;
        var at = At(first.Start);
        Refuse(first, at);
        if (++_nodes > MaximumNodes)
        {
            throw new JobFileException(at, $"more than {MaximumNodes:N0} values; that is no job file");
        }

        if (depth > MaximumDepth)
        {
            throw new JobFileException(at, $"nested deeper than {MaximumDepth} levels; that is no job file");
        }

        return first switch
        {
            Scalar scalar => new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadSequence(at, depth),
            MappingStart => ReadMapping(at, depth),
            AnchorAlias => new YamlRefused(at),
            _ => throw new JobFileException(at, "a value is expected here"),
        };
    }

    private YamlSequence ReadSequence(Position at, int depth)
    {
        var items = new List<YamlNode>();
        for (Next(); _events.Current is not SequenceEnd; Next())
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlSequence(at, items);
    }

    private YamlMapping ReadMapping(Position at, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        for (Next(); _events.Current is not MappingEnd; Next())
        {
            var keyAt = At(_events.Current!.Start);
            var key = ReadNode(depth + 1);
            Next();
            var value = ReadNode(depth + 1);
            if (key is not YamlScalar { Value: var name })
            {
                Report(keyAt, "a key must be a plain word");
            }
            else if (seen.TryAdd(name, keyAt))
            {
                entries.Add(new YamlEntry(keyAt, name, value));
            }
            else
            {
                var before = seen[name].Line == 0 ? "before" : $"on line {seen[name].Line}";
                Report(keyAt, $"'{name}' stands here a second time; it stood {before}");
            }
        }

        return new YamlMapping(at, entries);
    }

    private void Refuse(ParsingEvent node, Position at)
    {
        switch (node)
        {
            case AnchorAlias alias:
                Report(at, $"alias '*{alias.Value}' is not allowed in a job file; write the value itself");
                break;
            case NodeEvent { Anchor.IsEmpty: false } anchored:
                Report(at, $"anchor '&{anchored.Anchor}' is not allowed in a job file");
                break;
            case NodeEvent { Tag.IsEmpty: false } tagged:
                Report(at, $"tag '{tagged.Tag}' is not allowed in a job file");
                break;
        }
    }

    private void Report(Position at, string message) => _errors.Add(new JobFileError(at, message));

    private void Next()
    {
        if (!_events.MoveNext())
        {
            throw new YamlException(_events.Current?.End ?? Mark.Empty, _events.Current?.End ?? Mark.Empty, "the text ends too early");
        }
    }

    private static string Reason(YamlException broken)
    {
        // The innermost cause says what was wrong; the outer ones say where the parser was.
        Exception cause = broken;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var text = cause.Message.TrimEnd('.');
        return text.Length == 0 ? "the parser gives no reason" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private Position At(Mark mark) => _hasLines
        ? new Position(_source, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column))
        : new Position(_source, 0, 0);
}
