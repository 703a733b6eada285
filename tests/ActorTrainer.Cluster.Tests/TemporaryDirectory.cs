namespace ActorTrainer.Cluster.Tests;

/// <summary>A directory that goes with the spec.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
