using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class LinkSpecs : IAsyncDisposable
{
    private readonly PlaneFixture _server = new("server");
    private readonly PlaneFixture _worker = new("worker");

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_transfer_that_breaks_in_the_midst_fails_and_can_be_asked_for_again()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port);
        proxy.Breaks.Enqueue(1_000_000);
        var (lease, ticket) = _server.Tensor(1_000_000);

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(proxy, ticket));
        var arrived = await FetchAsync(proxy, ticket);

        Assert.StartsWith($"a tensor of 1000000 floats did not come from server at 127.0.0.1:{proxy.Port}: ", failure.Message);
        Assert.Equal(_server.Node, await _worker.LostAsync());
        Assert.Equal(2, proxy.Connections);
        Assert.True(MemoryMarshal.AsBytes(lease.Values).SequenceEqual(MemoryMarshal.AsBytes(arrived.Values)));
        Assert.Equal(0, _worker.LostCount);
        arrived.Release();
        Assert.Equal(0, _worker.Tensors.LeasedBuffers);
    }

    [Theory]
    [InlineData(TransferHello.Bytes + TransferAnswer.Bytes + 777)]
    [InlineData(TransferHello.Bytes + TransferAnswer.Bytes + 400_003)]
    [InlineData(TransferHello.Bytes + TransferAnswer.Bytes + 800_000 + 3)]
    [InlineData(TransferHello.Bytes + 5)]
    [InlineData(TransferHello.Bytes + 9)]
    [InlineData(TransferHello.Bytes + 17)]
    public async Task An_altered_byte_of_an_answer_is_found_out_and_ends_the_connection(long altered)
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { AlteredByte = altered };
        var (_, ticket) = _server.Tensor(200_000);

        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(proxy, ticket));

        Assert.Equal(_server.Node, await _worker.LostAsync());
        Assert.Equal(0, _worker.Tensors.LeasedBuffers);
        (await FetchAsync(proxy, ticket)).Release();
    }

    [Fact]
    public async Task An_altered_byte_of_a_question_brings_no_other_tensor()
    {
        // The lowest byte of the first float's number: floats that exist, but are not those that were meant.
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { AlteredQuestionByte = TransferHello.Bytes + 16 };
        var (_, ticket) = _server.Tensor(1000);

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(proxy, ticket.Slice(0, 100)));

        Assert.EndsWith("the checksum is wrong.", failure.Message);
    }

    [Fact]
    public async Task A_kept_peer_that_goes_away_is_told_once_and_found_again_when_it_is_back()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port);
        _worker.Plane.Keep(_server.Behind(proxy.Port));
        await Connected(proxy, 1);

        proxy.Break();

        Assert.Equal(_server.Node, await _worker.LostAsync());
        await Connected(proxy, 2);
        Assert.Equal(0, _worker.LostCount);
        proxy.Break();
        Assert.Equal(_server.Node, await _worker.LostAsync());
    }

    [Fact]
    public async Task The_end_of_a_node_is_noticed_without_anything_being_fetched()
    {
        _worker.Plane.Keep(_server.Peer);
        await FetchAnyAsync(_server.Peer);

        await _server.Plane.DisposeAsync();

        Assert.Equal(_server.Node, await _worker.LostAsync());
    }

    [Fact]
    public async Task The_loss_of_a_forgotten_peer_is_not_told()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { StallsAt = 100_000 };
        var (_, ticket) = _server.Tensor(1_000_000);
        _worker.Plane.Keep(_server.Behind(proxy.Port));
        var coming = FetchAsync(proxy, ticket);
        using var bound = new CancellationTokenSource(PlaneFixture.Bound);
        while (proxy.Passed < 100_000)
        {
            await Task.Delay(5, bound.Token);
        }

        _worker.Plane.Forget(_server.Node);
        proxy.Break();

        // The next connection is opened when the loss of this one would have been told.
        await Assert.ThrowsAsync<TransferException>(() => coming);
        await FetchAnyAsync(_server.Peer);
        Assert.Equal(0, _worker.LostCount);
    }

    [Fact]
    public async Task A_forgotten_peer_is_left_as_soon_as_nothing_is_under_way()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port);
        var peer = _server.Behind(proxy.Port);
        _worker.Plane.Keep(peer);
        await FetchAnyAsync(peer);

        _worker.Plane.Forget(peer.Node);

        using var bound = new CancellationTokenSource(PlaneFixture.Bound);
        while (proxy.Connections < 2)
        {
            await FetchAnyAsync(peer);
            await Task.Delay(5, bound.Token);
        }

        Assert.Equal(0, _worker.LostCount);
    }

    [Fact]
    public async Task Another_process_at_the_address_is_refused_by_name_and_is_a_loss()
    {
        await using var other = new PlaneFixture("other");
        var (_, ticket) = _server.Tensor(10);

        var failure = await Assert.ThrowsAnyAsync<TransferException>(
            () => _worker.Plane.FetchAsync(_server.Peer with { Port = other.Plane.Port }, ticket, default));

        Assert.Equal($"server at 127.0.0.1:{other.Plane.Port} cannot be reached: other answers there.", failure.Message);
        Assert.Equal(_server.Node, await _worker.LostAsync());
    }

    [Fact]
    public async Task Something_else_at_the_address_is_no_data_plane()
    {
        using var stranger = new Stranger("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        var (_, ticket) = _server.Tensor(10);

        var failure = await Assert.ThrowsAnyAsync<TransferException>(() => _worker.Plane.FetchAsync(_server.Behind(stranger.Port), ticket, default));

        Assert.EndsWith("what answers there is no data plane.", failure.Message);
    }

    [Fact]
    public async Task Another_version_is_named()
    {
        using var stranger = new Stranger(new TransferHello(7, _server.Node, _worker.Node).ToBytes());
        var (_, ticket) = _server.Tensor(10);

        var failure = await Assert.ThrowsAsync<TransferException>(() => _worker.Plane.FetchAsync(_server.Behind(stranger.Port), ticket, default));

        Assert.EndsWith("it speaks version 7, and this node 1.", failure.Message);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_an_error_and_no_loss()
    {
        var (_, ticket) = _server.Tensor(10);
        await _server.Plane.DisposeAsync();

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_server.Peer, ticket));

        Assert.StartsWith($"server at 127.0.0.1:{_server.Plane.Port} cannot be reached: ", failure.Message);
        Assert.Equal(0, _worker.LostCount);
    }

    [Theory]
    [InlineData(0, "the handshake took longer than 0.2 s")]
    [InlineData(TransferHello.Bytes, "the answer took longer than 2 s")]
    [InlineData(TransferHello.Bytes + 300_000, "the rest of the answer took longer than 2 s")]
    public async Task A_peer_that_falls_silent_is_given_up_and_the_limit_is_named(int after, string limit)
    {
        await using var hasty = new PlaneFixture(
            "hasty", PlaneFixture.Options with { HandshakeTimeout = TimeSpan.FromSeconds(after == 0 ? 0.2 : 180), StallTimeout = TimeSpan.FromSeconds(2) });
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { StallsAt = after };
        var (_, ticket) = _server.Tensor(10_000_000);

        var failure = await Assert.ThrowsAsync<TransferException>(() => hasty.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, default).WaitAsync(PlaneFixture.Bound));

        Assert.Contains(limit, failure.Message);
        Assert.Equal(0, hasty.Tensors.LeasedBuffers);
    }

    [Fact]
    public async Task A_kept_connection_outlives_the_silence_that_ends_another()
    {
        var impatient = PlaneFixture.Options with { IdleTimeout = TimeSpan.FromSeconds(0.4) };
        await using var caller = new PlaneFixture("caller", impatient);
        await using var kept = new MeddlingProxy(_server.Plane.Port);
        await using var other = new PlaneFixture("other");
        await using var left = new MeddlingProxy(other.Plane.Port);
        caller.Plane.Keep(_server.Behind(kept.Port));
        var (_, ticket) = _server.Tensor(10);
        var (_, once) = other.Tensor(10);
        await caller.Plane.FetchAsync(_server.Behind(kept.Port), ticket, default);

        // Each of these finds the connection to the other gone: it was left in silence.
        while (left.Connections < 3)
        {
            await caller.Plane.FetchAsync(other.Behind(left.Port), once, default);
            await Task.Delay(TimeSpan.FromSeconds(0.5));
        }

        await caller.Plane.FetchAsync(_server.Behind(kept.Port), ticket, default);
        Assert.Equal(1, kept.Connections);
        Assert.Equal(0, caller.LostCount);
    }

    [Fact]
    public async Task Peers_beyond_the_bound_are_refused_by_name()
    {
        await using var shy = new PlaneFixture("shy", PlaneFixture.Options with { MaximumPeers = 1 });
        shy.Plane.Keep(_server.Peer);

        var refused = Assert.Throws<TransferException>(() => shy.Plane.Keep(_worker.Peer));

        Assert.Equal($"worker at 127.0.0.1:{_worker.Plane.Port} is not asked: 1 peers are, the most at once.", refused.Message);
    }

    [Fact]
    public async Task A_node_that_stops_asks_nobody_any_more()
    {
        var (_, ticket) = _server.Tensor(10);
        await _worker.Plane.DisposeAsync();

        _worker.Plane.Keep(_server.Peer);
        _worker.Plane.Forget(_server.Node);
        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_server.Peer, ticket));
        Assert.Equal(0, _worker.LostCount);
    }

    private async Task FetchAnyAsync(DataPeer peer)
    {
        var (lease, ticket) = _server.Tensor(1);
        var waited = await FetchUntilAsync(peer, ticket);
        waited.Release();
        lease.Release();
    }

    /// <summary>A connection that has just been broken may take one question with it.</summary>
    private async Task<TensorLease> FetchUntilAsync(DataPeer peer, Ticket ticket)
    {
        try
        {
            return await FetchAsync(peer, ticket);
        }
        catch (TransferException)
        {
            return await FetchAsync(peer, ticket);
        }
    }

    private Task<TensorLease> FetchAsync(MeddlingProxy proxy, Ticket ticket) => FetchAsync(_server.Behind(proxy.Port), ticket);

    private async Task<TensorLease> FetchAsync(DataPeer peer, Ticket ticket) =>
        await _worker.Plane.FetchAsync(peer, ticket, default).WaitAsync(PlaneFixture.Bound);

    /// <summary>A fetch over it is answered once it is established.</summary>
    private async Task Connected(MeddlingProxy proxy, int connections)
    {
        await FetchAnyAsync(_server.Behind(proxy.Port));
        Assert.Equal(connections, proxy.Connections);
    }

    /// <summary>Says one thing to whoever connects.</summary>
    private sealed class Stranger : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Stranger(byte[] says)
        {
            _listener.Start();
            _ = Task.Run(async () =>
            {
                using var caller = await _listener.AcceptSocketAsync();
                await caller.SendAsync(says);
                await caller.ReceiveAsync(new byte[1000]);
                await caller.ReceiveAsync(new byte[1000]);
            });
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();
    }
}
