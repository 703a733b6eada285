using System.Collections.Immutable;
using Google.Protobuf;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>`path` and `include`, which stand in place of a hash.</summary>
internal sealed partial class SpecBinder
{
    private void BindFile(YamlMapping mapping, IMessage message, string path)
    {
        var (at, hash, include) = (mapping.Find(Schema.PathField), mapping.Find(Schema.HashField), mapping.Find(Schema.IncludeField));
        var takesFolder = Schema.TakesFolder(message.Descriptor);
        if (at is null)
        {
            if (hash is null)
            {
                var what = takesFolder ? "a file or folder of text" : "a file";
                Report(mapping.At, $"{path} needs 'path', {what}, or the 'sha256' of one that is uploaded");
            }
            else if (include is not null && takesFolder)
            {
                Report(include.At, "'include' chooses files of a folder; it stands beside 'path', not beside 'sha256'");
            }

            return;
        }

        if (hash is not null)
        {
            Report(hash.At, "'sha256' cannot stand beside 'path'; the program makes it from the file");
        }

        Positions[$"{path}.{Schema.PathField}"] = at.Value.At;
        if (BindText(at.Value, $"{path}.{Schema.PathField}") is { } location)
        {
            Files.Add(new FileReference(message, location, at.Value.At, takesFolder ? BindInclude(include, path) : []));
        }
    }

    private ImmutableArray<string> BindInclude(YamlEntry? include, string path)
    {
        if (include is null)
        {
            return [];
        }

        if (include.Value is not YamlSequence { Items.Count: > 0 } patterns)
        {
            Report(include.Value.At, $"{path}.include expects a list of patterns such as [\"*.cs\"]; found {include.Value.Describe()}");
            return [];
        }

        return
        [
            .. patterns.Items
                .Select((pattern, i) => BindText(pattern, $"{path}.include[{i}]"))
                .OfType<string>(),
        ];
    }
}
