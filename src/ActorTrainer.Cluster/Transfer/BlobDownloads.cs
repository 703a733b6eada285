using ActorTrainer.Cluster.Storage;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// Blobs on their way from peers into the own store: each by one at a time, a few pieces ahead; what broke off goes on
/// where it stood, over the next connection or from the next peer that has it. The store checks the hash.
/// </summary>
/// <param name="enqueue">Asks a peer.</param>
internal sealed class BlobDownloads(BlobStore blobs, Action<DataPeer, Fetch> enqueue) : IAsyncDisposable
{
    /// <summary>Most that broke off and are held to go on with.</summary>
    public const int MaximumPartials = 4;

    private const int PiecesAhead = 8;
    private const int MaximumAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Download> _downloads = [];
    private long _clock;

    /// <returns>False: the peer has none.</returns>
    /// <exception cref="TransferException">It did not come, or not as it should.</exception>
    public async Task<bool> FetchAsync(DataPeer peer, string sha256, CancellationToken cancellation)
    {
        if (blobs.Exists(sha256))
        {
            return true;
        }

        var download = Enter(sha256);
        try
        {
            await download.Turn.WaitAsync(cancellation);
            try
            {
                return blobs.Exists(sha256) || await FetchAsync(download, peer, cancellation);
            }
            finally
            {
                download.Turn.Release();
            }
        }
        finally
        {
            await LeaveAsync(download);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Download[] idle;
        lock (_lock)
        {
            idle = [.. _downloads.Values.Where(download => download.Users == 0)];
        }

        foreach (var download in idle)
        {
            await download.DropAsync();
        }
    }

    private async Task<bool> FetchAsync(Download download, DataPeer peer, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = download.Partial?.Length ?? 0;
            try
            {
                var writer = download.Partial ??= blobs.Create(download.Sha256);
                if (!await TakePiecesAsync(writer, peer, download.Sha256, cancellation))
                {
                    // What another peer has sent of it may be gone on with.
                    if (writer.Length == 0)
                    {
                        await download.DropAsync();
                    }

                    return false;
                }

                await writer.CommitAsync(cancellation);
                await download.DropAsync();
                return true;
            }
            catch (TransferException broken) when (broken is not WrongPeerException)
            {
                attempt = download.Partial?.Length > before ? 0 : attempt;
                if (attempt >= MaximumAttempts)
                {
                    throw;
                }

                await Task.Delay(Pause, cancellation);
            }
            catch (Exception refused) when (refused is BlobRefusedException or IOException or UnauthorizedAccessException)
            {
                // Nothing to go on with: the bytes are wrong, or what is on the disk is not what was hashed.
                await download.DropAsync();
                throw new TransferException($"Data set {download.Sha256} of {peer} cannot be taken: {refused.Message}", refused);
            }
        }
    }

    /// <summary>From where the writer stands to the end; false: the peer has no such blob.</summary>
    private async Task<bool> TakePiecesAsync(BlobWriter writer, DataPeer peer, string sha256, CancellationToken cancellation)
    {
        var ahead = new Queue<BlobFetch>();
        try
        {
            var asked = writer.Length;
            long? whole = null;
            while (whole is null || writer.Length < whole)
            {
                while (ahead.Count == 0 || (asked < whole && ahead.Count < PiecesAhead))
                {
                    var fetch = new BlobFetch(peer, sha256, asked);
                    ahead.Enqueue(fetch);
                    enqueue(peer, fetch);
                    asked += TransferRequest.MaximumBlobPiece;
                }

                var next = ahead.Peek();
                await using (cancellation.Register(() => next.Cancel(cancellation)))
                {
                    _ = await next.Arrived;
                }

                ahead.Dequeue();
                var piece = await next.Arrived;
                try
                {
                    if (!piece.Exists)
                    {
                        return false;
                    }

                    Check(piece, writer.Length, whole);
                    whole = piece.Whole;
                    await writer.WriteAsync(piece.Bytes, cancellation);
                }
                finally
                {
                    piece.Release();
                }
            }

            return true;
        }
        finally
        {
            foreach (var fetch in ahead)
            {
                fetch.Cancel(CancellationToken.None);
                if (fetch.Arrived.IsCompletedSuccessfully)
                {
                    (await fetch.Arrived).Release();
                }
                else
                {
                    _ = fetch.Arrived.Exception;
                }
            }
        }
    }

    private void Check(BlobPiece piece, long offset, long? whole)
    {
        if (piece.Whole > blobs.MaximumBytes)
        {
            throw new BlobRefusedException($"It has {piece.Whole} bytes; this node takes at most {blobs.MaximumBytes}.");
        }

        if (piece.Whole < offset || piece.Whole != (whole ?? piece.Whole) || piece.Length != Math.Min(TransferRequest.MaximumBlobPiece, piece.Whole - offset))
        {
            throw new BlobRefusedException($"{piece.Length} bytes of {piece.Whole} came at byte {offset}, which do not fit together.");
        }
    }

    private Download Enter(string sha256)
    {
        lock (_lock)
        {
            if (!_downloads.TryGetValue(sha256, out var download))
            {
                _downloads.Add(sha256, download = new Download(sha256));
            }

            download.Users++;
            return download;
        }
    }

    private async Task LeaveAsync(Download download)
    {
        List<Download> over = [];
        lock (_lock)
        {
            download.LastUsed = _clock++;
            if (--download.Users == 0 && download.Partial is null)
            {
                _downloads.Remove(download.Sha256);
            }

            over.AddRange(_downloads.Values.Where(idle => idle.Users == 0).OrderByDescending(idle => idle.LastUsed).Skip(MaximumPartials));
            foreach (var oldest in over)
            {
                _downloads.Remove(oldest.Sha256);
            }
        }

        foreach (var oldest in over)
        {
            await oldest.DropAsync();
        }
    }

    private sealed class Download(string sha256)
    {
        public string Sha256 => sha256;

        /// <summary>One at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        /// <summary>What came so far.</summary>
        public BlobWriter? Partial { get; set; }

        public int Users { get; set; }

        public long LastUsed { get; set; }

        public async Task DropAsync()
        {
            if (Partial is not null)
            {
                await Partial.DisposeAsync();
                Partial = null;
            }
        }
    }
}
