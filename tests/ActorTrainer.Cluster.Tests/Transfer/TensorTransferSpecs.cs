using System.Runtime.InteropServices;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class TensorTransferSpecs : IAsyncDisposable
{
    private readonly PlaneFixture _server = new("server");
    private readonly PlaneFixture _worker = new("worker");

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(131_071)]
    [InlineData(131_073)]
    [InlineData(3_000_001)]
    public async Task A_tensor_arrives_bit_for_bit_in_a_buffer_of_the_own_store(int length)
    {
        var (lease, ticket) = _server.Tensor(length);

        var arrived = await FetchAsync(ticket);

        Assert.True(Same(lease, arrived));
        Assert.Equal(_worker.Node, arrived.Publish().Node);
        arrived.Release();
        Assert.Equal(0, _worker.Tensors.LeasedBuffers);
    }

    [Fact]
    public async Task A_slice_of_a_ticket_brings_only_its_floats()
    {
        var (lease, ticket) = _server.Tensor(1000);

        var arrived = await FetchAsync(ticket.Slice(333, 101));

        Assert.True(Same(arrived.Values, lease.Values.Slice(333, 101)));
        arrived.Release();
    }

    [Fact]
    public async Task Many_in_flight_over_one_connection_do_not_mix()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port);
        var tensors = Enumerable.Range(0, 200).Select(i => _server.Tensor(1 + (i * 977 % 50_000), seed: i)).ToArray();

        var arrived = await Task.WhenAll(tensors.Select(tensor => _worker.Plane.FetchAsync(_server.Behind(proxy.Port), tensor.Ticket, default)))
            .WaitAsync(PlaneFixture.Bound);

        Assert.Equal(1, proxy.Connections);
        for (var i = 0; i < tensors.Length; i++)
        {
            Assert.True(Same(tensors[i].Lease, arrived[i]), $"tensor {i}");
            arrived[i].Release();
        }
    }

    [Fact]
    public async Task Both_sides_pull_from_each_other_at_once()
    {
        var (down, weights) = _server.Tensor(500_000);
        var (up, gradient) = _worker.Tensor(500_001);

        var pulls = Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? FetchAsync(weights) : _server.Plane.FetchAsync(_worker.Peer, gradient, default)).ToArray();
        var arrived = await Task.WhenAll(pulls).WaitAsync(PlaneFixture.Bound);

        Assert.All(arrived.Where((_, i) => i % 2 == 0), lease => Assert.True(Same(down, lease)));
        Assert.All(arrived.Where((_, i) => i % 2 == 1), lease => Assert.True(Same(up, lease)));
    }

    [Fact]
    public async Task A_released_tensor_fails_alone_and_the_connection_goes_on()
    {
        var (released, gone) = _server.Tensor(10);
        var (lease, ticket) = _server.Tensor(10);
        released.Release();

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(gone));
        var arrived = await FetchAsync(ticket);

        Assert.Equal($"server at 127.0.0.1:{_server.Plane.Port} has released a tensor of 10 floats.", failure.Message);
        Assert.True(Same(lease, arrived));
        Assert.Equal(0, _worker.LostCount);
    }

    [Fact]
    public async Task A_tensor_that_is_released_while_it_is_sent_is_sent_whole()
    {
        var (lease, ticket) = _server.Tensor(4_000_000);
        var copy = lease.Values.ToArray();

        var coming = FetchAsync(ticket);
        while (_server.Tensors.TryOpen(ticket, out var opened) && !coming.IsCompleted)
        {
            opened.Release();
            if (lease.IsHeld && _worker.Tensors.LeasedBuffers > 0)
            {
                lease.Release();
                lease = default;
            }

            await Task.Yield();
        }

        var arrived = await coming;
        Assert.True(Same(copy, arrived.Values));
    }

    [Fact]
    public async Task Nobody_gets_what_lies_beyond_a_published_tensor_or_was_never_published()
    {
        var (_, ticket) = _server.Tensor(100);
        var secret = _server.Tensors.Rent(100);

        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(ticket with { Length = 101 }));
        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(ticket with { Offset = 1 }));
        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(ticket with { TensorId = ticket.TensorId ^ 1 }));
        Assert.Equal(0, _worker.Tensors.LeasedBuffers);
        secret.Release();
    }

    [Fact]
    public async Task A_ticket_of_another_node_is_not_asked_for()
    {
        var (_, ticket) = _server.Tensor(1);

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => FetchAsync(ticket with { Node = new NodeId("stranger") }));

        Assert.StartsWith("The ticket is of stranger; it cannot be fetched from server.", wrong.Message);
    }

    [Fact]
    public async Task A_cancelled_fetch_ends_at_once_and_leaves_nothing_behind()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { StallsAt = 500_000 };
        var (_, ticket) = _server.Tensor(1_000_000);
        using var cancel = new CancellationTokenSource();

        var coming = _worker.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => coming.WaitAsync(PlaneFixture.Bound));
        await _worker.Plane.DisposeAsync();
        Assert.Equal(0, _worker.Tensors.LeasedBuffers);
    }

    [Fact]
    public async Task A_store_without_room_says_so_and_the_connection_goes_on()
    {
        await using var small = new PlaneFixture("small", maximumFloats: 1000);
        var (_, large) = _server.Tensor(300_000);
        var (lease, ticket) = _server.Tensor(500);

        var failure = await Assert.ThrowsAsync<TransferException>(() => small.Plane.FetchAsync(_server.Peer, large, default));
        var arrived = await small.Plane.FetchAsync(_server.Peer, ticket, default);

        Assert.Contains("no room for 300000 floats", failure.Message);
        Assert.True(Same(lease, arrived));
        Assert.Equal(0, small.LostCount);
    }

    [Fact]
    public async Task The_bytes_in_flight_are_bounded_and_everything_still_arrives()
    {
        await using var thrifty = new PlaneFixture("thrifty", PlaneFixture.Options with { MaximumBytesInFlight = 100_000 });
        var tensors = Enumerable.Range(0, 40).Select(i => _server.Tensor(i % 10 == 0 ? 100_000 : 9_000, seed: i)).ToArray();

        var arrived = await Task.WhenAll(tensors.Select(tensor => thrifty.Plane.FetchAsync(_server.Peer, tensor.Ticket, default)))
            .WaitAsync(PlaneFixture.Bound);

        for (var i = 0; i < tensors.Length; i++)
        {
            Assert.True(Same(tensors[i].Lease, arrived[i]), $"tensor {i}");
        }
    }

    [Fact]
    public async Task Fetches_beyond_the_bound_are_refused_by_name()
    {
        await using var modest = new PlaneFixture("modest", PlaneFixture.Options with { MaximumFetches = 2 });
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { StallsAt = 0 };
        var (_, ticket) = _server.Tensor(10);
        var first = modest.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, default);
        var second = modest.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, default);

        var refused = await Assert.ThrowsAsync<TransferException>(() => modest.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, default));

        Assert.Contains("2 fetches are under way, the most at once", refused.Message);
        await modest.Plane.DisposeAsync();
        await Assert.ThrowsAsync<TransferException>(() => first);
        await Assert.ThrowsAsync<TransferException>(() => second);
    }

    private async Task<TensorLease> FetchAsync(Ticket ticket) => await _worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound);

    private static bool Same(TensorLease left, TensorLease right) => Same(left.Values, right.Values);

    /// <summary>Bits, not numbers: a NaN is equal to itself.</summary>
    private static bool Same(ReadOnlySpan<float> left, ReadOnlySpan<float> right) => MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));
}
