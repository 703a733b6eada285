using System.Text.Json;

namespace ActorTrainer.EndToEnd.Tests;

/// <summary>Small jobs, data directories for their runs, and the hash that every undisturbed or disturbed run of one must have.</summary>
public sealed class Workshop : IDisposable
{
    private const string Adder = """
        recipe:
          data: {binary_addition: {bits: 8, validation_bits: 12, validation_samples: 32}}
          model: {layers: [{elman: {units: 64}}]}
          training:
            steps: 20000
            batch_size: 32
            learning_rate: {value: 5e-3}
            clip_norm: 1.0
            validation: {interval: 500}
        placement: {checkpoint_interval: 20}
        """;

    // A language model carries states from step to step, so that its checkpoints hold more than weights.
    private const string Writer = """
        recipe:
          data: {text: {path: proverbs.txt, sequence_length: 16}}
          model: {layers: [{embedding: {dimension: 16}}, {lstm: {units: 32}}]}
          training:
            steps: 3000
            batch_size: 16
            learning_rate: {value: 5e-3, schedule: cosine}
            clip_norm: 1.0
            validation: {interval: 500}
        placement: {checkpoint_interval: 20}
        """;

    // Random numbers in every step, an order of its own in every epoch, short last batches, optimizer state.
    private const string Liner = """
        recipe:
          data: {lines: {path: sayings.txt}}
          model: {layers: [{embedding: {dimension: 16}}, {gru: {units: 32}}, {dropout: {keep: 0.8}}]}
          training:
            epochs: 375
            batch_size: 16
            optimizer: {momentum: {momentum: 0.9}}
            learning_rate: {value: 5e-2}
            clip_norm: 1.0
            validation: {interval: 500}
        placement: {checkpoint_interval: 20}
        """;

    private const string Proverbs = """
        千里之行，始于足下。 A journey of a thousand miles begins with a single step.
        不积跬步，无以至千里。 Without small steps a thousand miles cannot be reached.
        温故而知新。 Go over the old and know the new.
        水滴石穿。 Dripping water wears through stone.
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly Dictionary<string, Lazy<Task<string>>> _undisturbed = [];
    private int _homes;

    public Workshop()
    {
        File.WriteAllText(Path.Combine(_root, "proverbs.txt"), string.Concat(Enumerable.Repeat(Proverbs, 40)));

        // 125 lines: 113 or so of them are trained on, in 8 steps an epoch, the last of which is short.
        File.WriteAllText(
            Path.Combine(_root, "sayings.txt"), string.Concat(Enumerable.Range(0, 125).Select(n => $"{n}. {Proverbs.Split('\n')[n % 4][..(12 + (n % 7))]}\n")));
        foreach (var (name, text) in new[] { ("adder", Adder), ("writer", Writer), ("liner", Liner) })
        {
            File.WriteAllText(JobNamed(name), text);
            _undisturbed[name] = new(() => HashOfAsync("train", JobNamed(name), "--workers", "1", "--data-dir", NewHome()));
        }
    }

    /// <summary>The job file of the adder.</summary>
    public string Job => JobNamed("adder");

    /// <summary>The hash of an adder trained with one worker, to which nothing happened.</summary>
    public Task<string> Undisturbed => UndisturbedNamed("adder");

    /// <summary>The job file of the "adder", of the "writer", a language model, or of the "liner", a GRU with dropout over shuffled lines.</summary>
    public string JobNamed(string name) => Path.Combine(_root, $"{name}.yaml");

    /// <summary>The hash of a run with one worker that nothing happened to.</summary>
    public Task<string> UndisturbedNamed(string name) => _undisturbed[name].Value;

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
