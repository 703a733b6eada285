using System.Threading.Channels;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// What is wanted of one peer, and the connection it goes over: opened when something is wanted, opened again with
/// growing pauses while the peer is kept, left when nothing is wanted any more.
/// </summary>
/// <param name="open">Opens a connection, or throws a <see cref="TransferException"/>.</param>
/// <param name="lost">Told of each established connection that broke.</param>
internal sealed class PeerLink(
    DataPeer peer, TimeSpan reconnectFor, Func<DataPeer, CancellationToken, Task<PeerConnection>> open, Action<NodeId> lost)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Channel<Fetch> _queue = Channel.CreateUnbounded<Fetch>(new UnboundedChannelOptions { SingleReader = true });
    private volatile DataPeer _peer = peer;
    private volatile PeerConnection? _connection;
    private volatile bool _kept;
    private volatile bool _forgotten;
    private TimeSpan _pause;
    private long? _unreachableSince;

    public NodeId Node => _peer.Node;

    /// <summary>Whether there is anything to be done for it.</summary>
    public bool IsWanted => _kept || _queue.Reader.TryPeek(out _);

    public void Keep(DataPeer peer)
    {
        (_peer, _forgotten, _kept) = (peer, false, true);
    }

    /// <summary>Not kept any more, and its loss is not told; what is under way goes on.</summary>
    public void Forget()
    {
        (_forgotten, _kept) = (true, false);
        _connection?.Leave(_queue.Writer);
    }

    public void Enqueue(DataPeer peer, Fetch fetch)
    {
        _peer = peer;
        _queue.Writer.TryWrite(fetch);
    }

    /// <param name="retire">Asked when nothing is wanted; false: something is wanted meanwhile.</param>
    public async Task RunAsync(Func<PeerLink, bool> retire, CancellationToken cancellation)
    {
        try
        {
            do
            {
                while (IsWanted)
                {
                    await ConnectAsync(cancellation);
                }
            }
            while (!retire(this));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            FailQueued(new TransferException($"{_peer} is not asked any more: this node stops."));
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        await PauseAsync(cancellation);
        PeerConnection connection;
        try
        {
            connection = await open(_peer, cancellation);
        }
        catch (TransferException failure)
        {
            GiveUpOrRetry(failure);
            return;
        }

        _unreachableSince = null;
        var since = Environment.TickCount64;
        await using (connection)
        {
            _connection = connection;
            var broken = await connection.RunAsync(_queue, () => _kept, cancellation);
            _connection = null;
            cancellation.ThrowIfCancellationRequested();
            if (broken is null)
            {
                _pause = TimeSpan.Zero;
                return;
            }
        }

        // One that breaks at once, again and again, is not opened at once again and again.
        _pause = Environment.TickCount64 - since > LongestPause.TotalMilliseconds ? TimeSpan.Zero : Longer(_pause);
        Lose();
    }

    private void GiveUpOrRetry(TransferException failure)
    {
        FailQueued(failure);
        _pause = Longer(_pause);
        if (failure is WrongPeerException)
        {
            _kept = false;
            Lose();
        }
        else if (Environment.TickCount64 - (_unreachableSince ??= Environment.TickCount64) > reconnectFor.TotalMilliseconds)
        {
            _kept = false;
        }
    }

    private void Lose()
    {
        if (!_forgotten)
        {
            lost(Node);
        }
    }

    /// <summary>What is asked for meanwhile ends the pause.</summary>
    private async Task PauseAsync(CancellationToken cancellation)
    {
        if (_pause > TimeSpan.Zero)
        {
            using var waking = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(Task.Delay(_pause, waking.Token), _queue.Reader.WaitToReadAsync(waking.Token).AsTask());
            await waking.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void FailQueued(TransferException failure)
    {
        while (_queue.Reader.TryRead(out var fetch))
        {
            fetch.Fail(failure);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
}
