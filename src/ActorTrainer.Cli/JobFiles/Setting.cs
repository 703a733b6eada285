using System.Globalization;
using Google.Protobuf.Reflection;
using NearestName = ActorTrainer.Data.NearestName;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>One `--set path=value`: changes the YAML tree before it is read as a job, so that one schema judges both.</summary>
/// <param name="Option">As the user wrote it, for error messages: `--set training.steps=100`.</param>
/// <param name="Path">`recipe.training.steps`, or without its first word.</param>
/// <param name="Value">YAML: a scalar, or a list or mapping in one line.</param>
internal sealed record Setting(string Option, string Path, string Value)
{
    private Position At => new(Option, 0, 0);

    /// <exception cref="JobFileException">There is no '='.</exception>
    public static Setting Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new Setting($"--set {text}", text[..equals].Trim(), text[(equals + 1)..])
            : throw new JobFileException(new Position($"--set {text}", 0, 0), "expected path=value, such as training.steps=500");
    }

    /// <exception cref="JobFileException">No field has this path.</exception>
    public void Apply(YamlMapping job, List<JobFileError> errors)
    {
        var value = YamlReader.ReadValue(Value, Option, errors);
        var words = Path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        Apply(job, Schema.Job, FromTheRoot(words), value);
    }

    /// <summary>The first word may be left out where only one part of a job has such a field.</summary>
    private string[] FromTheRoot(string[] words)
    {
        var parts = Schema.Job.Fields.InDeclarationOrder();
        if (parts.Any(part => part.Name == words[0]))
        {
            return words;
        }

        var owners = parts.Where(part => part.MessageType.FindFieldByName(words[0]) is not null).ToList();
        return owners.Count switch
        {
            1 => [owners[0].Name, .. words],
            0 => throw Unknown(),
            _ => throw new JobFileException(At, $"'{words[0]}' is in {string.Join(" and in ", owners.Select(owner => owner.Name))}; say which"),
        };
    }

    private void Apply(YamlMapping mapping, MessageDescriptor type, ReadOnlySpan<string> words, YamlNode value)
    {
        var word = words[0];
        if (!Schema.Keys(type).Contains(word))
        {
            throw Unknown();
        }

        RemoveAlternatives(mapping, type, word);
        var field = type.FindFieldByName(word);
        if (words.Length == 1)
        {
            Put(mapping, word, value);
        }
        else if (field is { IsMap: true } && words.Length == 2)
        {
            Put(Child(mapping, word), words[1], value);
        }
        else if (field is { FieldType: FieldType.Message, IsRepeated: true, IsMap: false })
        {
            ApplyToItem(mapping, field, words[1..], value);
        }
        else if (field is { FieldType: FieldType.Message, IsMap: false })
        {
            Apply(Child(mapping, word), field.MessageType, words[1..], value);
        }
        else
        {
            throw Unknown();
        }
    }

    private void ApplyToItem(YamlMapping mapping, FieldDescriptor field, ReadOnlySpan<string> words, YamlNode value)
    {
        var items = (mapping.Find(field.Name)?.Value as YamlSequence)?.Items ?? [];
        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= items.Count)
        {
            throw new JobFileException(At, items.Count == 0
                ? $"{field.Name} is empty; give the whole list"
                : $"'{words[0]}' is no item of {field.Name}; it has the items 0 to {items.Count - 1}");
        }

        if (words.Length == 1)
        {
            items[index] = value;
            return;
        }

        if (items[index] is not YamlMapping)
        {
            items[index] = new YamlMapping(At, []);
        }

        Apply((YamlMapping)items[index], field.MessageType, words[1..], value);
    }

    /// <summary>What is set takes the place of what it cannot stand beside.</summary>
    private static void RemoveAlternatives(YamlMapping mapping, MessageDescriptor type, string word)
    {
        if (Schema.Choice(type) is { } choice && choice.Fields.Any(field => field.Name == word))
        {
            mapping.Entries.RemoveAll(entry => entry.Key != word && choice.Fields.Any(field => field.Name == entry.Key));
        }

        foreach (var alternatives in Schema.Alternatives(type).Where(names => names.Contains(word)))
        {
            mapping.Entries.RemoveAll(entry => entry.Key != word && alternatives.Contains(entry.Key));
        }

        if (Schema.NamesFile(type))
        {
            mapping.Entries.RemoveAll(entry => word switch
            {
                Schema.HashField => entry.Key is Schema.PathField or Schema.IncludeField,
                Schema.PathField or Schema.IncludeField => entry.Key == Schema.HashField,
                _ => false,
            });
        }
    }

    private YamlMapping Child(YamlMapping mapping, string key)
    {
        if (mapping.Find(key)?.Value is YamlMapping existing)
        {
            return existing;
        }

        var made = new YamlMapping(At, []);
        Put(mapping, key, made);
        return made;
    }

    private void Put(YamlMapping mapping, string key, YamlNode value)
    {
        var entry = new YamlEntry(At, key, value);
        var index = mapping.Entries.FindIndex(existing => existing.Key == key);
        if (index < 0)
        {
            mapping.Entries.Add(entry);
        }
        else
        {
            mapping.Entries[index] = entry;
        }
    }

    private JobFileException Unknown()
    {
        // People leave words out at the front, so that every spelling counts.
        var full = Schema.Paths().ToList();
        var known = full.Concat(full.Where(path => path.Contains('.')).Select(path => path[(path.IndexOf('.') + 1)..])).ToList();
        var nearest = known.Where(path => path.EndsWith("." + Path, StringComparison.Ordinal)).MinBy(path => path.Length)
            ?? NearestName.Of(Path, known);
        var hint = nearest is null ? Nearby(known) : $"did you mean '{nearest}'?";
        return new JobFileException(At, $"there is no field '{Path}'; {hint}");
    }

    /// <summary>What there is as far as the path goes.</summary>
    private string Nearby(List<string> known)
    {
        for (var end = Path.LastIndexOf('.'); end > 0; end = Path.LastIndexOf('.', end - 1))
        {
            var part = Path[..end];
            if (known.Contains(part))
            {
                var inside = known.Where(path => path.StartsWith(part + ".", StringComparison.Ordinal) && !path[(end + 1)..].Contains('.'));
                var names = string.Join(", ", inside.Select(path => path[(end + 1)..]).Distinct());
                return names.Length == 0 ? $"did you mean '{part}'?" : $"'{part}' has {names}";
            }
        }

        return "the fields are those of the job file";
    }
}
