namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// Bounds the bytes that are asked for and have not come: first come, first served, so that a large one is not
/// overtaken for ever. What is larger than the bound goes alone.
/// </summary>
internal sealed class TransferCredit(long maximum)
{
    private readonly Lock _lock = new();
    private readonly Queue<Turn> _waiting = [];
    private long _used;

    /// <summary>Bytes that are given out.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Completes when the bytes may be asked for; they are to be given back once.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return ValueTask.CompletedTask;
            }

            var turn = new Turn(bytes);
            _waiting.Enqueue(turn);
            return new ValueTask(turn.WaitAsync(cancellation));
        }
    }

    public void GiveBack(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            Serve();
        }
    }

    private bool Fits(long bytes) => _used == 0 || _used + bytes <= maximum;

    private void Serve()
    {
        while (_waiting.TryPeek(out var next) && (next.IsOver || Fits(next.Bytes)))
        {
            _waiting.Dequeue();
            if (next.TryGrant())
            {
                _used += next.Bytes;
            }
        }
    }

    private sealed class Turn(long bytes)
    {
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes => bytes;

        /// <summary>Nobody waits for it any more.</summary>
        public bool IsOver => _granted.Task.IsCompleted;

        public bool TryGrant() => _granted.TrySetResult();

        public async Task WaitAsync(CancellationToken cancellation)
        {
            await using (cancellation.Register(() => _granted.TrySetCanceled(cancellation)))
            {
                await _granted.Task;
            }
        }
    }
}
