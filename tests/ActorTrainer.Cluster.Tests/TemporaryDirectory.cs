namespace ActorTrainer.Cluster.Tests;

/// <summary>A directory that goes with the spec.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    public void Dispose() => Delete(Path);

    /// <summary>Again, while a journal that was stopped as it started still makes its files.</summary>
    public static void Delete(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                Thread.Sleep(50);
            }
        }
    }
}
