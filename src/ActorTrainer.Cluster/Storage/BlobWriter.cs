using System.Security.Cryptography;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Storage;

/// <summary>A blob on its way in: nobody sees it before it is whole, and nothing stays of one that is not.</summary>
public sealed class BlobWriter : IAsyncDisposable
{
    private readonly BlobStore _store;
    private readonly string _path;
    private readonly string? _expected;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal BlobWriter(BlobStore store, string path, string? expected)
    {
        (_store, _path, _expected) = (store, path, expected);
        _file = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <exception cref="BlobRefusedException">It would be larger than the store takes.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        if (bytes.Length > _store.MaximumBytes - Length)
        {
            throw new BlobRefusedException($"The data set is larger than {_store.MaximumBytes} bytes, the most this node takes.");
        }

        await _file.WriteAsync(bytes, cancellation);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Checks the hash, makes the bytes durable, and gives the blob its name: its SHA-256.</summary>
    /// <exception cref="BlobRefusedException">The bytes are not what was expected.</exception>
    public async Task<string> CommitAsync(CancellationToken cancellation = default)
    {
        var sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (_expected is not null && _expected != sha256)
        {
            throw new BlobRefusedException($"The {Length} bytes that came have SHA-256 {sha256}; {_expected} was expected.");
        }

        await _file.FlushAsync(cancellation);
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        File.Move(_path, _store.PathOf(sha256), overwrite: true);
        File.Delete(_store.MarkOf(sha256));
        return sha256;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _hash.Dispose();
        File.Delete(_path);
    }
}

/// <summary>A blob that is not taken; the message says why.</summary>
public sealed class BlobRefusedException(string message) : Exception(message);
