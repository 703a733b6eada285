using System.Buffers;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>A piece of a peer's blob on its way into a pooled buffer.</summary>
internal sealed class BlobFetch(DataPeer peer, string sha256, long offset) : Fetch
{
    private readonly TaskCompletionSource<BlobPiece> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _buffer;

    /// <summary>The piece, the receiver's to release.</summary>
    public Task<BlobPiece> Arrived => _arrived.Task;

    public override TransferRequest Request => TransferRequest.OfBlob(sha256, offset, TransferRequest.MaximumBlobPiece);

    public override long MaximumBytes => TransferRequest.MaximumBlobPiece;

    public override long MinimumBytes => 0;

    public override bool IsOver => _arrived.Task.IsCompleted;

    public override string Name => $"data set {sha256}";

    public void Cancel(CancellationToken cancellation) => _arrived.TrySetCanceled(cancellation);

    public override bool Accept(TransferAnswer answer)
    {
        if (!IsOver)
        {
            _buffer = ArrayPool<byte>.Shared.Rent((int)MaximumBytes);
        }

        return _buffer is not null;
    }

    public override Memory<byte> Place(long offset, int length) => _buffer.AsMemory((int)offset, length);

    public override void Complete(TransferAnswer answer)
    {
        if (answer.Status == TransferStatus.Failed)
        {
            Fail(new TransferException($"{peer} cannot read {Name}."));
        }
        else if (!_arrived.TrySetResult(new BlobPiece(answer.Status == TransferStatus.Here, answer.Whole, (int)answer.Length, _buffer)))
        {
            Release();
        }
    }

    public override void Fail(TransferException failure)
    {
        Release();
        _arrived.TrySetException(failure);
    }

    private void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}

/// <summary>A piece that came.</summary>
/// <param name="Exists">False: the peer has no such blob.</param>
/// <param name="Whole">Bytes of the whole blob.</param>
/// <param name="Length">Bytes of the piece.</param>
internal readonly record struct BlobPiece(bool Exists, long Whole, int Length, byte[]? Buffer)
{
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    /// <summary>To be called once.</summary>
    public void Release()
    {
        if (Buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(Buffer);
        }
    }
}
