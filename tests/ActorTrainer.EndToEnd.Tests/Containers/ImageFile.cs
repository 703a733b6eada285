using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests.Containers;

/// <summary>What a Dockerfile's last stage says of the containers made of it.</summary>
/// <param name="EntryPoint">With the image's paths.</param>
/// <param name="Command">What follows the entry point where a service names nothing else.</param>
/// <param name="HealthCheck">The command whose exit code tells.</param>
/// <param name="Environment">Of every container.</param>
/// <param name="User">By number.</param>
internal sealed partial record ImageFile(
    string[] EntryPoint, string[] Command, string[] HealthCheck, IReadOnlyDictionary<string, string> Environment, string User)
{
    public static ImageFile Read(string path)
    {
        // A line that ends with a backslash goes on.
        var lines = File.ReadAllText(path).Replace("\\\n", "", StringComparison.Ordinal).Split('\n');
        return new ImageFile(
            List(Rest("ENTRYPOINT ")),
            List(Rest("CMD ")),
            List(After(Rest("HEALTHCHECK "), "CMD ")),
            Variable().Matches(Rest("ENV ")).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal),
            Rest("USER "));

        string Rest(string instruction) => After(lines.Last(line => line.StartsWith(instruction, StringComparison.Ordinal)), instruction);

        static string After(string line, string word) => line[(line.IndexOf(word, StringComparison.Ordinal) + word.Length)..].Trim();

        static string[] List(string json) => JsonSerializer.Deserialize<string[]>(json)!;
    }

    [GeneratedRegex(@"(\S+?)=(\S+)")]
    private static partial Regex Variable();
}
