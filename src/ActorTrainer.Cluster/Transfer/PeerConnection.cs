using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// An established connection to a peer, to fetch from it: one task asks, one takes the answers, which come in the
/// order of the questions.
/// </summary>
internal sealed class PeerConnection : IAsyncDisposable
{
    private const string Closed = "the connection was closed";

    private readonly DataPeer _peer;
    private readonly DataPlaneOptions _options;
    private readonly TransferCredit _credit;
    private readonly TransferStream _stream;
    private readonly Patience _patience;
    private readonly Queue<Fetch> _asked = [];
    private readonly byte[] _answer = new byte[TransferAnswer.Bytes];
    private readonly byte[] _request = new byte[TransferRequest.Bytes];
    private byte[]? _waste;
    private int _sequence;
    private volatile bool _leaving;

    /// <param name="stream">Of an established connection.</param>
    public PeerConnection(DataPeer peer, DataPlaneOptions options, TransferCredit credit, TransferStream stream, Patience patience) =>
        (_peer, _options, _credit, _stream, _patience) = (peer, options, credit, stream, patience);

    /// <summary>Asks for what the queue brings, and takes it, until the connection ends.</summary>
    /// <param name="isKept">Whether it is held open without anything to fetch.</param>
    /// <returns>Null: nothing is wanted any more. Otherwise why it broke, as a sentence without its end.</returns>
    public async Task<string?> RunAsync(Channel<Fetch> queue, Func<bool> isKept, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = AskAsync(queue.Reader, ending.Token);
        var taking = TakeAsync(ending.Token);
        var idling = IdleAsync(queue.Writer, isKept, ending.Token);
        var first = await Task.WhenAny(asking, taking);
        await ending.CancelAsync();
        await _stream.DisposeAsync();
        await Task.WhenAll(Ended(asking), Ended(taking), Ended(idling));
        if (first == asking && asking.IsCompletedSuccessfully)
        {
            return null;
        }

        // What was asked for dies with the connection: its answer can come over no other.
        var broken = first.Exception?.GetBaseException();
        var reason = _patience.Exhausted ?? (broken is null ? Closed : Reason(broken));
        foreach (var fetch in _asked)
        {
            _credit.GiveBack(fetch.MaximumBytes);
            fetch.Fail(new TransferException($"{fetch.Name} did not come from {_peer}: {reason}.", broken));
        }

        _asked.Clear();
        return reason;

        static Task Ended(Task task) => task.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Ends the connection as soon as nothing is under way, unless something is asked for before.</summary>
    public void Leave(ChannelWriter<Fetch> queue)
    {
        _leaving = true;
        queue.TryWrite(new PingFetch());
    }

    public async ValueTask DisposeAsync()
    {
        _patience.Dispose();
        await _stream.DisposeAsync();
    }

    /// <summary>Returns when the connection is to be left.</summary>
    private async Task AskAsync(ChannelReader<Fetch> queue, CancellationToken cancellation)
    {
        while (await queue.WaitToReadAsync(cancellation))
        {
            while (queue.TryPeek(out var next))
            {
                if (next is PingFetch && _leaving)
                {
                    queue.TryRead(out _);
                    if (!IsWaiting())
                    {
                        return;
                    }

                    _leaving = false;
                    continue;
                }

                if (next.IsOver)
                {
                    queue.TryRead(out _);
                    continue;
                }

                // Until it has its turn it stays in the queue, from where it goes over the next connection if this one breaks.
                if (next.MaximumBytes > 0)
                {
                    await _credit.TakeAsync(next.MaximumBytes, cancellation);
                }

                queue.TryRead(out _);
                if (next.IsOver)
                {
                    _credit.GiveBack(next.MaximumBytes);
                    continue;
                }

                await SendAsync(next, cancellation);
            }
        }
    }

    /// <summary>While nothing is asked for: says that we live if the peer is kept, and otherwise leaves.</summary>
    private async Task IdleAsync(ChannelWriter<Fetch> queue, Func<bool> isKept, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_options.IdleTimeout / 4);
        var (before, silent) = (0, 0);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var asked = Volatile.Read(ref _sequence);
            if (asked != before || IsWaiting())
            {
                (before, silent) = (asked, 0);
            }
            else if (isKept())
            {
                queue.TryWrite(new PingFetch());
            }
            else if (++silent >= 2)
            {
                Leave(queue);
            }
        }
    }

    private bool IsWaiting()
    {
        lock (_asked)
        {
            return _asked.Count > 0;
        }
    }

    private async Task SendAsync(Fetch fetch, CancellationToken cancellation)
    {
        lock (_asked)
        {
            _asked.Enqueue(fetch);
            if (_asked.Count == 1)
            {
                _patience.Allow(_options.StallTimeout, "the answer");
            }
        }

        fetch.Request.Write(_sequence, _request);
        Volatile.Write(ref _sequence, unchecked(_sequence + 1));
        await _stream.WriteUnsummedAsync(_request, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    private async Task TakeAsync(CancellationToken cancellation)
    {
        var request = new byte[TransferRequest.Bytes];
        var checksum = new byte[TransferAnswer.ChecksumBytes];
        for (var sequence = 0; ; sequence = unchecked(sequence + 1))
        {
            await _stream.ReadExactlyAsync(_answer, cancellation);
            var answer = TransferAnswer.Read(_answer);
            var fetch = Asked(answer, sequence);
            fetch.Request.Write(sequence, request);
            _stream.ReadSum.Reset();
            _stream.ReadSum.Append(request);
            _stream.ReadSum.Append(_answer);
            await ReceiveAsync(fetch, answer, cancellation);
            await _stream.ReadExactlyAsync(checksum, cancellation);
            var expected = BinaryPrimitives.ReadUInt64LittleEndian(checksum);
            if (_stream.ReadSum.GetCurrentHashAsUInt64() != expected)
            {
                throw new InvalidDataException("the checksum is wrong");
            }

            lock (_asked)
            {
                _asked.Dequeue();
                if (_asked.Count == 0)
                {
                    _patience.Rest();
                }
            }

            _credit.GiveBack(fetch.MaximumBytes);
            fetch.Complete(answer);
        }
    }

    /// <summary>What an answer is to: only the next one that was asked for, of the length that was asked for.</summary>
    private Fetch Asked(TransferAnswer answer, int sequence)
    {
        lock (_asked)
        {
            if (!_asked.TryPeek(out var fetch) || answer.Sequence != sequence)
            {
                throw new InvalidDataException($"answer {answer.Sequence} came where {sequence} was awaited");
            }

            var (least, most) = answer.Status == TransferStatus.Here ? (fetch.MinimumBytes, fetch.MaximumBytes) : (0, 0);
            if (answer.Length < least || answer.Length > most)
            {
                throw new InvalidDataException($"{answer.Length} bytes were announced for {fetch.Name}, which has from {least} to {most}");
            }

            return fetch;
        }
    }

    private async Task ReceiveAsync(Fetch fetch, TransferAnswer answer, CancellationToken cancellation)
    {
        var accepted = answer.Status == TransferStatus.Here && fetch.Accept(answer);
        for (var received = 0L; received < answer.Length;)
        {
            _patience.Allow(_options.StallTimeout, "the rest of the answer");
            var length = (int)Math.Min(TransferStream.SliceBytes, answer.Length - received);
            var place = accepted ? fetch.Place(received, length) : (_waste ??= new byte[TransferStream.SliceBytes]).AsMemory(0, length);
            var count = await _stream.ReadSomeAsync(place, cancellation);
            _stream.ReadSum.Append(place.Span[..count]);
            received += count;
        }

        _patience.Allow(_options.StallTimeout, "the end of the answer");
    }

    /// <summary>Why it ended, as a sentence without its end.</summary>
    internal static string Reason(Exception failure) => failure switch
    {
        OperationCanceledException => Closed,
        IOException { InnerException: SocketException reset } => reset.Message,
        _ => failure.Message.TrimEnd('.'),
    };
}
