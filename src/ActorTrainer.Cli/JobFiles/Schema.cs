using ActorTrainer.Contracts.V1;
using Google.Protobuf.Reflection;
using NearestName = ActorTrainer.Data.NearestName;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>
/// What may stand in a job file: the API's JobSpec, field for field, by its descriptor. The one thing
/// the file has and the API has not is where data lies: `path`, and `include` for text, in place of `sha256`.
/// </summary>
internal static class Schema
{
    public const string PathField = "path";
    public const string IncludeField = "include";
    public const string HashField = "sha256";

    public static MessageDescriptor Job => JobSpec.Descriptor;

    /// <summary>The keys of a message, in the order of the schema.</summary>
    public static IEnumerable<string> Keys(MessageDescriptor message)
    {
        var fields = message.Fields.InDeclarationOrder().Select(field => field.Name);
        if (!NamesFile(message))
        {
            return fields;
        }

        return TakesFolder(message) ? [PathField, IncludeField, .. fields] : [PathField, .. fields];
    }

    /// <summary>The message names uploaded data by its hash, and in a file by its path.</summary>
    public static bool NamesFile(MessageDescriptor message) => message.FindFieldByName(HashField) is not null;

    /// <summary>What it names may be a folder, whose files are joined to one text.</summary>
    public static bool TakesFolder(MessageDescriptor message) => message == TextData.Descriptor || message == LinesData.Descriptor;

    /// <summary>What stands in the place of one another in a message without being a choice of the API.</summary>
    public static IEnumerable<string[]> Alternatives(MessageDescriptor message) =>
        message == Contracts.V1.Training.Descriptor ? [["steps", "epochs"], ["clip_norm", "clip_value"]] : [];

    /// <summary>The message is nothing but a choice of one among several.</summary>
    public static OneofDescriptor? Choice(MessageDescriptor message) => message.Oneofs.FirstOrDefault(oneof => !oneof.IsSynthetic);

    /// <summary>How a file writes an enum's value: `SCHEDULE_COSINE` is `cosine`.</summary>
    public static IEnumerable<(string Name, int Number)> Values(EnumDescriptor type)
    {
        // Every value but the one for "not said", whose name gives the prefix away.
        var unspecified = type.Values.First(value => value.Number == 0).Name;
        var prefix = unspecified[..^"UNSPECIFIED".Length];
        return type.Values
            .Where(value => value.Number != 0)
            .Select(value => (value.Name[prefix.Length..].ToLowerInvariant(), value.Number));
    }

    /// <summary>Every path that `--set` can name; the items of a list stand for themselves as `0`.</summary>
    public static IEnumerable<string> Paths() => Paths(Job, "");

    private static IEnumerable<string> Paths(MessageDescriptor message, string prefix)
    {
        foreach (var key in Keys(message))
        {
            var path = prefix + key;
            yield return path;
            if (message.FindFieldByName(key) is { FieldType: FieldType.Message, IsMap: false } field)
            {
                foreach (var inner in Paths(field.MessageType, field.IsRepeated ? path + ".0." : path + "."))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>", found 'batchsize'; did you mean …" or what there is instead.</summary>
    public static string Suggest(string name, IEnumerable<string> known, string owner)
    {
        var all = known.ToList();
        return NearestName.Of(name, all) is { } nearest
            ? $"did you mean '{nearest}'?"
            : $"{owner} takes {string.Join(", ", all)}";
    }
}
