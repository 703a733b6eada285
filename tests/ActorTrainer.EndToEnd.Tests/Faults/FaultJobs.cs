using System.Collections.Concurrent;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>Jobs for clusters that things happen to, and the hashes they must end with.</summary>
public sealed class FaultJobs : IDisposable
{
    /// <summary>Most steps that are to be done again.</summary>
    public const int CheckpointInterval = 50;

    // A language model: the data travels to the workers, states are carried, a step takes some ten milliseconds.
    private const string Narrator = """
        recipe:
          data: {text: {path: tales.txt, sequence_length: 32}}
          model: {layers: [{embedding: {dimension: 64}}, {lstm: {units: 128}}]}
          training:
            steps: 1000
            batch_size: 32
            learning_rate: {value: 4e-3, schedule: cosine}
            clip_norm: 1.0
            validation: {interval: 250, batches: 2}
        placement: {workers: 8, checkpoint_interval: 50}
        """;

    private const string Adder = """
        recipe:
          data: {binary_addition: {bits: 8, validation_bits: 12, validation_samples: 32}}
          model: {layers: [{elman: {units: 64}}]}
          training:
            steps: 100
            batch_size: 32
            learning_rate: {value: 5e-3}
            clip_norm: 1.0
            validation: {interval: 50}
        placement: {workers: 2, checkpoint_interval: 20}
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _undisturbed = new(StringComparer.Ordinal);

    public FaultJobs()
    {
        var random = new Random(20260301);
        File.WriteAllText(
            Path.Combine(_root, "tales.txt"), string.Concat(Enumerable.Range(0, 60_000).Select(_ => "the rain in spain stays mainly, in the plain.\n"[random.Next(46)])));
        File.WriteAllText(Long, Narrator);
        File.WriteAllText(Short, Adder);
    }

    /// <summary>The job file of the language model.</summary>
    public string Long => Path.Combine(_root, "narrator.yaml");

    /// <summary>The job file of the adder, whose run is over soon.</summary>
    public string Short => Path.Combine(_root, "adder.yaml");

    /// <summary>The hash of a run in one process that nothing happened to.</summary>
    public Task<string> UndisturbedAsync(string file, params string[] settings)
    {
        var key = string.Join(' ', [file, .. settings]);
        return _undisturbed.GetOrAdd(key, _ => new(() => Workshop.HashOfAsync(
            ["train", file, .. settings.SelectMany(setting => new[] { "--set", setting }), "--workers", "1", "--data-dir", Path.Combine(_root, Guid.NewGuid().ToString("n"))]))).Value;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
