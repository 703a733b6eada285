using System.Security.Cryptography;
using System.Text;

namespace ActorTrainer.Cli.Running;

/// <summary>Ids of jobs that are made from a file: its name, and a suffix that tells the runs of it apart.</summary>
internal static class JobIds
{
    private const int SuffixLength = 4;
    private const int LongestStem = 40;
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>A new id for a run of a file: `self-portrait-k3f9`.</summary>
    public static string New(string file) => $"{Stem(file)}-{RandomNumberGenerator.GetString(Letters, SuffixLength)}";

    /// <summary>Whether an id was made from a file of this name.</summary>
    public static bool IsOf(string file, string id) =>
        Stem(file) is var stem
        && id.Length == stem.Length + 1 + SuffixLength
        && id.StartsWith(stem + "-", StringComparison.Ordinal)
        && id.AsSpan(stem.Length + 1).IndexOfAnyExcept(Letters) < 0;

    /// <summary>The file's name as an id may have it: [a-z][a-z0-9-]*.</summary>
    private static string Stem(string file)
    {
        var stem = new StringBuilder();
        foreach (var character in Path.GetFileNameWithoutExtension(file).ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(character) || (char.IsAsciiDigit(character) && stem.Length > 0))
            {
                stem.Append(character);
            }
            else if (stem.Length > 0 && stem[^1] != '-')
            {
                stem.Append('-');
            }
        }

        var name = stem.ToString();
        name = name[..Math.Min(name.Length, LongestStem)].TrimEnd('-');
        return name.Length == 0 ? "job" : name;
    }
}
