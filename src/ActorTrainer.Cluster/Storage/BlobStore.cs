using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ActorTrainer.Cluster.Storage;

/// <summary>Data sets by the SHA-256 of their bytes: what is there is whole, and was checked as it came.</summary>
public sealed class BlobStore
{
    private const int BufferBytes = 1 << 16;
    private readonly string _directory;

    /// <param name="directory">Exists, and is nobody else's: left-overs of interrupted writes in it are removed.</param>
    /// <param name="maximumBytes">Of one blob.</param>
    public BlobStore(string directory, long maximumBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumBytes, 1);
        (_directory, MaximumBytes, Names) = (directory, maximumBytes, new BlobNames(directory));
        foreach (var interrupted in Directory.EnumerateFiles(directory, "*.partial"))
        {
            File.Delete(interrupted);
        }
    }

    /// <summary>Largest blob that is taken.</summary>
    public long MaximumBytes { get; }

    /// <summary>What people call the blobs.</summary>
    public BlobNames Names { get; }

    /// <exception cref="ArgumentException">Not 64 lower-case hexadecimal digits.</exception>
    public bool Exists(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Bytes of a blob; null if there is none.</summary>
    public long? LengthOf(string sha256) => new FileInfo(PathOf(sha256)) is { Exists: true } file ? file.Length : null;

    /// <summary>All blobs, the newest first, and of the same moment by their hashes.</summary>
    public ImmutableArray<Blob> List() =>
    [
        .. new DirectoryInfo(_directory).EnumerateFiles()
            .Where(file => IsSha256(file.Name))
            .Select(file => new Blob(file.Name, file.Length, file.LastWriteTimeUtc))
            .OrderByDescending(blob => blob.StoredAt)
            .ThenBy(blob => blob.Sha256, StringComparer.Ordinal),
    ];

    /// <summary>A blob; null if there is none.</summary>
    public Blob? Find(string sha256) =>
        new FileInfo(PathOf(sha256)) is { Exists: true } file ? new Blob(sha256, file.Length, file.LastWriteTimeUtc) : null;

    /// <summary>Opens a blob to read.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public FileStream Open(string sha256)
    {
        var path = PathOf(sha256);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes)
            : throw new FileNotFoundException($"There is no data set {sha256} on this node; upload it again.", path);
    }

    /// <summary>Starts a blob; it is there once <see cref="BlobWriter.CommitAsync"/> returned.</summary>
    /// <param name="expectedSha256">What its bytes must hash to; null: whatever they do.</param>
    public BlobWriter Create(string? expectedSha256 = null)
    {
        if (expectedSha256 is not null)
        {
            _ = PathOf(expectedSha256);
        }

        return new BlobWriter(this, Path.Combine(_directory, Path.GetRandomFileName() + ".partial"), expectedSha256);
    }

    /// <summary>Stores a whole stream and returns its hash.</summary>
    public async Task<string> AddAsync(Stream content, string? expectedSha256 = null, CancellationToken cancellation = default)
    {
        await using var writer = Create(expectedSha256);
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
        {
            await writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return await writer.CommitAsync(cancellation);
    }

    /// <summary>Whether a text names a blob: 64 lower-case hexadecimal digits.</summary>
    public static bool IsSha256(string text) =>
        text.Length == 2 * SHA256.HashSizeInBytes && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>The file beside a blob that says that it came from another node (<see cref="BlobCache"/>).</summary>
    internal string MarkOf(string sha256) => PathOf(sha256) + ".fetched";

    /// <summary>Takes a blob away. Who has it open reads on.</summary>
    internal void Delete(string sha256)
    {
        File.Delete(PathOf(sha256));
        File.Delete(MarkOf(sha256));
    }

    internal string PathOf(string sha256) => IsSha256(sha256)
        ? Path.Combine(_directory, sha256)
        : throw new ArgumentException($"\"{sha256}\" is not a SHA-256; it must be 64 lower-case hexadecimal digits.", nameof(sha256));
}
