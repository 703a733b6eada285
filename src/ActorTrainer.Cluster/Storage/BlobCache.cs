using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Which blobs of a store came from other nodes, by a mark beside each, and so may go when they take too much
/// room: those that were not used for longest. What somebody has given to this node itself never goes.
/// </summary>
/// <param name="maximumBytes">Of all that came from others; what is in use stays even beyond it.</param>
internal sealed class BlobCache(BlobStore blobs, long maximumBytes)
{
    /// <summary>Default bound: 32 GiB.</summary>
    public const long DefaultMaximumBytes = 32L << 30;

    private readonly Lock _lock = new();

    /// <summary>A blob has come from another node.</summary>
    public void Fetched(string sha256)
    {
        lock (_lock)
        {
            PrivateFiles.Open(blobs.MarkOf(sha256), FileMode.Create, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
    }

    /// <summary>These blobs are about to be used; others that came from elsewhere go until all that did fit.</summary>
    /// <returns>What went.</returns>
    public IReadOnlyList<string> Use(IReadOnlyCollection<string> used)
    {
        lock (_lock)
        {
            foreach (var mark in used.Select(blobs.MarkOf).Where(File.Exists))
            {
                File.SetLastWriteTimeUtc(mark, DateTime.UtcNow);
            }

            var fetched = blobs.List().Where(blob => File.Exists(blobs.MarkOf(blob.Sha256))).ToList();
            var total = fetched.Sum(blob => blob.Length);
            var gone = new List<string>();
            foreach (var blob in fetched.Where(blob => !used.Contains(blob.Sha256)).OrderBy(blob => File.GetLastWriteTimeUtc(blobs.MarkOf(blob.Sha256))))
            {
                if (total <= maximumBytes)
                {
                    break;
                }

                blobs.Delete(blob.Sha256);
                total -= blob.Length;
                gone.Add(blob.Sha256);
            }

            return gone;
        }
    }
}
