using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// A node's directory, locked for as long as this object lives: SQLite means exactly one server node,
/// and two processes on one journal would fence each other out.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream held) => (Root, _lock) = (root, held);

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    /// <summary>The SQLite file of journal and snapshots.</summary>
    public string Database => Path.Combine(Root, "actortrainer.db");

    public string Datasets => Path.Combine(Root, "datasets");

    public string Models => Path.Combine(Root, "models");

    /// <summary>Where a completed job's weights are kept.</summary>
    public string ModelFile(JobId job) => Path.Combine(Models, job.Value + ".safetensors");

    /// <summary>Makes what is missing, readable by nobody else, and takes the lock.</summary>
    /// <exception cref="DataDirectoryInUseException">Another node holds it.</exception>
    /// <exception cref="NodeStartException">It cannot be made or written.</exception>
    public static DataDirectory Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            PrivateFiles.EnsureDirectory(root);
            var held = Lock(root);
            PrivateFiles.SweepUnfinished(root);
            var directory = new DataDirectory(root, held);
            PrivateFiles.EnsureDirectory(directory.Datasets);
            PrivateFiles.EnsureDirectory(directory.Models);
            return directory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"The data directory {root} cannot be used: {failure.Message}", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string root)
    {
        var file = Path.Combine(root, "lock");
        try
        {
            return PrivateFiles.Open(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new DataDirectoryInUseException(root, held);
        }
    }
}
