using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ActorTrainer.EndToEnd.Tests.Containers;

/// <summary>A service of a compose file, as far as these specs start it without an engine.</summary>
/// <param name="Environment">With the defaults of variables that nobody sets.</param>
/// <param name="Volumes">Path in the container to the volume's name.</param>
internal sealed record ComposeService(
    string Name, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, string> Volumes, bool IsReadOnly, string GracePeriod, bool HasFixedName);

/// <summary>docker-compose.yml, read as an engine reads it: anchors merged, variables at their defaults.</summary>
internal static partial class ComposeFile
{
    public static Dictionary<string, ComposeService> Read(string path)
    {
        var text = Variable().Replace(File.ReadAllText(path), match => match.Groups["default"].Value);
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>>(new MergingParser(new Parser(new StringReader(text))));
        return Map(file["services"]).ToDictionary(service => service.Key, service => Service(service.Key, Map(service.Value)), StringComparer.Ordinal);
    }

    private static ComposeService Service(string name, Dictionary<string, object?> service) => new(
        name,
        Map(service.GetValueOrDefault("environment")).ToDictionary(entry => entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal),
        List(service.GetValueOrDefault("volumes")).Select(volume => volume.Split(':')).ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal),
        service.GetValueOrDefault("read_only") is "true",
        service.GetValueOrDefault("stop_grace_period") as string ?? "",
        service.ContainsKey("container_name"));

    private static Dictionary<string, object?> Map(object? yaml) =>
        yaml is Dictionary<object, object?> map ? map.ToDictionary(entry => (string)entry.Key, entry => entry.Value, StringComparer.Ordinal) : [];

    private static IEnumerable<string> List(object? yaml) => yaml is List<object> list ? list.OfType<string>() : [];

    [GeneratedRegex(@"\$\{[A-Z_]+:-(?<default>[^}]*)\}")]
    private static partial Regex Variable();
}
