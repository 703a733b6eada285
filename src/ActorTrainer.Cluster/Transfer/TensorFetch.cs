using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>A stretch of a peer's tensor on its way into a buffer of the own store, which is rented when the bytes come.</summary>
internal sealed class TensorFetch(DataPeer peer, Ticket ticket, TensorStore store) : Fetch
{
    private readonly TaskCompletionSource<TensorLease> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FloatWindow _window = new();
    private TensorLease _lease;

    /// <summary>The tensor, the receiver's to release.</summary>
    public Task<TensorLease> Arrived => _arrived.Task;

    public override TransferRequest Request => TransferRequest.OfTensor(ticket);

    public override long MaximumBytes => (long)ticket.Length * sizeof(float);

    public override long MinimumBytes => MaximumBytes;

    public override bool IsOver => _arrived.Task.IsCompleted;

    public override string Name => $"a tensor of {ticket.Length} floats";

    /// <summary>Nobody wants it any more; a buffer that is being filled is released when it is full.</summary>
    public void Cancel(CancellationToken cancellation) => _arrived.TrySetCanceled(cancellation);

    public override bool Accept(TransferAnswer answer)
    {
        if (IsOver)
        {
            return false;
        }

        try
        {
            _lease = store.Rent(ticket.Length);
            return true;
        }
        catch (Exception full) when (full is TensorStoreFullException or OutOfMemoryException)
        {
            _arrived.TrySetException(new TransferException($"{Name} of {peer} cannot be taken: {full.Message}", full));
            return false;
        }
    }

    public override Memory<byte> Place(long offset, int length) => _window.Over(_lease.Memory, offset, length);

    public override void Complete(TransferAnswer answer)
    {
        if (answer.Status != TransferStatus.Here)
        {
            Fail(new TransferException($"{peer} has released {Name}."));
        }
        else if (!_arrived.TrySetResult(_lease))
        {
            _lease.Release();
        }
    }

    public override void Fail(TransferException failure)
    {
        _lease.Release();
        _lease = default;
        _arrived.TrySetException(failure);
    }
}
