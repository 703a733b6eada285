using System.Collections;
using System.Globalization;
using ActorTrainer.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using NearestName = ActorTrainer.Data.NearestName;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>Turns a YAML tree into a message by the message's descriptor, and notes where each field was written.</summary>
/// <remarks>Every error is collected, so that a file is mended in one go. What values mean is for the gateway to judge.</remarks>
internal sealed partial class SpecBinder(List<JobFileError> errors)
{
    /// <summary>Where each field path (`recipe.model.layers[0].lstm.units`) was written.</summary>
    public Dictionary<string, Position> Positions { get; } = new(StringComparer.Ordinal);

    /// <summary>What the file names by path, in its order.</summary>
    public List<FileReference> Files { get; } = [];

    public JobSpec BindJob(YamlNode root)
    {
        if (root is YamlScalar { IsNull: true })
        {
            Report(root.At, "the file is empty; a job has 'recipe' and, if need be, 'placement'");
            return new JobSpec();
        }

        return (JobSpec)BindMessage(root, Schema.Job, "");
    }

    private IMessage BindMessage(YamlNode node, MessageDescriptor type, string path)
    {
        Positions[path] = node.At;
        var message = type.Parser.ParseFrom(ByteString.Empty);
        if (node is YamlRefused)
        {
            return message;
        }

        if (node is not YamlMapping mapping)
        {
            var hint = Schema.Keys(type).Any() ? $"with {string.Join(", ", Schema.Keys(type))}" : "written {}";
            Report(node.At, $"{Name(path)} expects a mapping {hint}; found {node.Describe()}");
            return message;
        }

        foreach (var entry in mapping.Entries)
        {
            BindEntry(entry, message, type, path);
        }

        RequireOneChoice(mapping, type, path);
        if (Schema.NamesFile(type))
        {
            BindFile(mapping, message, path);
        }

        return message;
    }

    private void BindEntry(YamlEntry entry, IMessage message, MessageDescriptor type, string path)
    {
        if (type.FindFieldByName(entry.Key) is not { } field)
        {
            if (!Schema.Keys(type).Contains(entry.Key))
            {
                Report(entry.At, $"unknown key '{entry.Key}'; {Schema.Suggest(entry.Key, Schema.Keys(type), Name(path))}");
            }

            return;
        }

        var fieldPath = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
        Positions[fieldPath] = entry.Value.At;
        if (field.IsMap)
        {
            BindMap(entry.Value, (IDictionary)field.Accessor.GetValue(message), fieldPath);
        }
        else if (field.IsRepeated)
        {
            BindList(entry.Value, (IList)field.Accessor.GetValue(message), field, fieldPath);
        }
        else if (BindValue(entry.Value, field, fieldPath) is { } value)
        {
            field.Accessor.SetValue(message, value);
        }
    }

    private void BindList(YamlNode node, IList into, FieldDescriptor field, string path)
    {
        if (node is not YamlSequence sequence)
        {
            if (node is not YamlRefused)
            {
                Report(node.At, $"{path} expects a list, one '- …' a line; found {node.Describe()}");
            }

            return;
        }

        for (var i = 0; i < sequence.Items.Count; i++)
        {
            if (BindValue(sequence.Items[i], field, $"{path}[{i}]") is { } value)
            {
                into.Add(value);
            }
        }
    }

    /// <remarks>The API's only map is of text to text.</remarks>
    private void BindMap(YamlNode node, IDictionary into, string path)
    {
        if (node is not YamlMapping mapping)
        {
            if (node is not YamlRefused)
            {
                Report(node.At, $"{path} expects a mapping of names to text; found {node.Describe()}");
            }

            return;
        }

        foreach (var entry in mapping.Entries)
        {
            if (BindText(entry.Value, $"{path}.{entry.Key}") is { } text)
            {
                into[entry.Key] = text;
            }
        }
    }

    private object? BindValue(YamlNode node, FieldDescriptor field, string path)
    {
        if (field.FieldType == FieldType.Message)
        {
            return BindMessage(node, field.MessageType, path);
        }

        Positions[path] = node.At;
        if (node is YamlRefused)
        {
            return null;
        }

        return field.FieldType switch
        {
            FieldType.String => BindText(node, path),
            FieldType.Double => BindDouble(node, path),
            FieldType.Bool => BindBoolean(node, path),
            FieldType.UInt32 => BindWhole(node, path, uint.MaxValue) is { } value ? (uint)value : null,
            FieldType.UInt64 => BindWhole(node, path, ulong.MaxValue),
            FieldType.Enum => BindEnum(node, field.EnumType, path),
            _ => throw new NotSupportedException($"{field.FullName} has a type that job files do not know: {field.FieldType}"),
        };
    }

    private string? BindText(YamlNode node, string path)
    {
        if (node is YamlScalar { IsNull: false } scalar)
        {
            return scalar.Value;
        }

        return Refuse<string>(node, path, "text");
    }

    private object? BindDouble(YamlNode node, string path)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (node is YamlScalar { IsPlain: true } scalar
            && double.TryParse(scalar.Value, Styles, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value))
        {
            return value;
        }

        return Refuse<object>(node, path, "a number");
    }

    private ulong? BindWhole(YamlNode node, string path, ulong largest)
    {
        if (node is YamlScalar { IsPlain: true } scalar
            && ulong.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= largest)
        {
            return value;
        }

        Refuse<object>(node, path, string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {largest}"));
        return null;
    }

    private object? BindBoolean(YamlNode node, string path) => node is YamlScalar { IsPlain: true, Value: "true" or "false" } scalar
        ? scalar.Value == "true"
        : Refuse<object>(node, path, "true or false");

    private object? BindEnum(YamlNode node, EnumDescriptor type, string path)
    {
        var values = Schema.Values(type).ToList();
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            return Refuse<object>(node, path, $"one of {string.Join(", ", values.Select(value => value.Name))}");
        }

        var found = values.Find(value => value.Name == scalar.Value);
        if (found.Name is not null)
        {
            return Enum.ToObject(type.ClrType, found.Number);
        }

        var nearest = NearestName.Of(scalar.Value, values.Select(value => value.Name));
        var hint = nearest is null ? "" : $"; did you mean '{nearest}'?";
        return Refuse<object>(node, path, $"one of {string.Join(", ", values.Select(value => value.Name))}", hint);
    }

    private T? Refuse<T>(YamlNode node, string path, string expected, string hint = "")
        where T : class
    {
        // 'nothing' is best mended by leaving the key out; quotes are easily overlooked.
        var found = node is YamlScalar { IsPlain: false } quoted ? $"the quoted text {quoted.Describe()}" : node.Describe();
        if (node is not YamlRefused)
        {
            Report(node.At, $"{path} expects {expected}; found {found}{hint}");
        }

        return null;
    }

    private void RequireOneChoice(YamlMapping mapping, MessageDescriptor type, string path)
    {
        if (Schema.Choice(type) is not { } choice)
        {
            return;
        }

        var names = choice.Fields.Select(field => field.Name).ToList();
        var chosen = mapping.Entries.Where(entry => names.Contains(entry.Key)).ToList();
        if (chosen.Count > 1)
        {
            Report(chosen[1].At, $"'{chosen[1].Key}' cannot stand beside '{chosen[0].Key}'; {Name(path)} is exactly one of {string.Join(", ", names)}");
        }
        else if (mapping.Entries.Count == 0)
        {
            Report(mapping.At, $"{Name(path)} is empty; it is exactly one of {string.Join(", ", names)}");
        }
    }

    private void Report(Position at, string message) => errors.Add(new JobFileError(at, message));

    private static string Name(string path) => path.Length == 0 ? "a job" : path;
}
