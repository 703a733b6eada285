using System.Text.Json;

namespace ActorTrainer.EndToEnd.Tests;

/// <summary>A small job, data directories for its runs, and the hash that every undisturbed or disturbed run of it must have.</summary>
public sealed class Workshop : IDisposable
{
    private const string Adder = """
        recipe:
          data: {binary_addition: {bits: 8, validation_bits: 12, validation_samples: 32}}
          model: {layers: [{elman: {units: 64}}]}
          training:
            steps: 1200
            batch_size: 32
            learning_rate: {value: 5e-3}
            clip_norm: 1.0
            validation: {interval: 500}
        placement: {checkpoint_interval: 20}
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly Lazy<Task<string>> _undisturbed;
    private int _homes;

    public Workshop()
    {
        File.WriteAllText(Job, Adder);
        _undisturbed = new Lazy<Task<string>>(() => HashOfAsync("train", Job, "--workers", "1", "--data-dir", NewHome()));
    }

    /// <summary>The job file.</summary>
    public string Job => Path.Combine(_root, "adder.yaml");

    /// <summary>The hash of a run with one worker that nothing happened to.</summary>
    public Task<string> Undisturbed => _undisturbed.Value;

    public string NewHome() => Path.Combine(_root, $"home-{Interlocked.Increment(ref _homes)}");

    /// <summary>Runs a command that trains to the end, and reads the hash from its JSON.</summary>
    internal static async Task<string> HashOfAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync([.. arguments, "-o", "json"]);
        Assert.True(exitCode == 0, $"exit code {exitCode} of {string.Join(' ', arguments)}:\n{error}\n{output}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("weights_sha256").GetString()!;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

/// <summary>One after another: each has the machine for itself.</summary>
[CollectionDefinition(Name)]
public sealed class WorkshopCollection : ICollectionFixture<Workshop>
{
    public const string Name = "workshop";
}
