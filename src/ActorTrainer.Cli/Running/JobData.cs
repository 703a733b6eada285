using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Data;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>Data that a job file names by path: found, hashed, and brought to the node if it lacks it.</summary>
internal sealed class JobData
{
    private const int ChunkBytes = 64 * 1024;

    private readonly TextSource _source;

    private JobData(TextSource source, string location, string sha256, long bytes) =>
        (_source, Location, Sha256, Bytes) = (source, location, sha256, bytes);

    /// <summary>Full path of the file or folder.</summary>
    public string Location { get; }

    /// <summary>Where the job file names it.</summary>
    public required Position At { get; init; }

    public string Sha256 { get; }

    public long Bytes { get; }

    /// <summary>A text, of one file or of several.</summary>
    public required bool IsText { get; init; }

    public int Files => _source.Files.Length;

    /// <summary>All that a job file names by path, whose hashes are put into the job.</summary>
    /// <exception cref="JobFileException">Some of it is not there, or cannot be read; all of that is named.</exception>
    public static ImmutableArray<JobData> FindAll(JobFile job)
    {
        var found = ImmutableArray.CreateBuilder<JobData>();
        var errors = ImmutableArray.CreateBuilder<JobFileError>();
        foreach (var reference in job.Files)
        {
            try
            {
                var data = Find(job, reference);
                reference.Resolve(data.Sha256);
                found.Add(data);
            }
            catch (JobFileException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        return errors.Count == 0 ? found.ToImmutable() : throw new JobFileException(errors.ToImmutable());
    }

    private static JobData Find(JobFile job, FileReference reference)
    {
        var location = reference.Locate(job.Path, Environment.GetEnvironmentVariable(FileReference.DataVariable));
        try
        {
            var source = TextSource.Find(location, reference.Include);
            var (sha256, bytes) = Read(source);
            if (bytes == 0)
            {
                throw new JobFileException(reference.At, $"'{location}' is empty; there is nothing to train on.");
            }

            return new JobData(source, location, sha256, bytes) { At = reference.At, IsText = Schema.TakesFolder(reference.Message.Descriptor) };
        }
        catch (Exception unreadable) when (unreadable is InvalidTextException or IOException or UnauthorizedAccessException)
        {
            throw new JobFileException(reference.At, unreadable.Message);
        }
    }

    public Stream OpenRead() => _source.OpenRead();

    /// <exception cref="RpcException">The node refuses it, for instance because the files changed since they were hashed.</exception>
    public async Task UploadAsync(NodeClient client, CancellationToken cancellation) =>
        await DatasetUpload.SendAsync(client, Sha256, Bytes, Path.GetFileName(Path.TrimEndingDirectorySeparator(Location)), _source.OpenRead, cancellation);

    private static (string Sha256, long Bytes) Read(TextSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var content = source.OpenRead();
        var chunk = new byte[ChunkBytes];
        var bytes = 0L;
        for (int read; (read = content.Read(chunk)) > 0; bytes += read)
        {
            hash.AppendData(chunk, 0, read);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
