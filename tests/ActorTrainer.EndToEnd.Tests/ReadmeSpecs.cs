using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests;

/// <summary>What the README promises of the second example, run as it says.</summary>
[Collection(WorkshopCollection.Name)]
public sealed partial class ReadmeSpecs(Workshop workshop)
{
    [Theory]
    [InlineData("--workers", "1")]
    [InlineData("--workers", "3", "--set", "parameter_shards=4")]
    public async Task The_hash_of_binary_addition_stands_in_the_README(params string[] options)
    {
        var root = RepositoryRoot();
        var promised = Promise().Match(await File.ReadAllTextAsync(Path.Combine(root, "README.md"))).Groups[1].Value;
        var example = Path.Combine(root, "examples", "binary-addition.yaml");

        Assert.Equal(promised, await Workshop.HashOfAsync(["train", example, .. options, "--data-dir", workshop.NewHome()]));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorTrainer.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"no ActorTrainer.sln above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }

    [GeneratedRegex("with the same weights:.*?weights_sha256 +([0-9a-f]{64})", RegexOptions.Singleline)]
    private static partial Regex Promise();
}
