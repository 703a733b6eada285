using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Tests.Tensors;

public sealed class TensorStoreTests
{
    private static readonly NodeId Here = new("here");

    private readonly TensorStore _store = new(Here, maximumFloats: 10_000);

    [Fact]
    public void A_ticket_opens_the_stretch_it_names_without_a_copy()
    {
        var lease = _store.Rent(100);
        for (var i = 0; i < 100; i++)
        {
            lease.Values[i] = i;
        }

        var ticket = lease.Publish();

        Assert.True(_store.TryOpen(ticket.Slice(10, 5), out var opened));
        Assert.Equal([10f, 11f, 12f, 13f, 14f], opened.Values.ToArray());
        Assert.True(opened.Values.Overlaps(lease.Values));
    }

    [Fact]
    public void The_last_reference_frees_the_buffer_and_ends_its_ticket()
    {
        var lease = _store.Rent(10);
        var ticket = lease.Publish();
        Assert.True(_store.TryOpen(ticket, out var second));

        lease.Release();
        Assert.Equal(1, _store.LeasedBuffers);
        Assert.True(_store.TryOpen(ticket, out var third));
        second.Release();
        third.Release();

        Assert.Equal(0, _store.LeasedBuffers);
        Assert.False(_store.TryOpen(ticket, out _));
    }

    [Fact]
    public void A_ticket_never_opens_the_next_tenant_of_its_buffer()
    {
        var first = _store.Rent(10);
        var ticket = first.Publish();
        first.Release();

        var second = _store.Rent(10);
        second.Publish();

        Assert.False(_store.TryOpen(ticket, out _));
    }

    [Fact]
    public void What_is_not_published_cannot_be_opened()
    {
        var lease = _store.Rent(10);

        for (var id = 0; id < 10; id++)
        {
            Assert.False(_store.TryOpen(new Ticket(Here, id, 0, 10), out _));
        }

        lease.Release();
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(0, 11)]
    [InlineData(0, 1000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(0, -1)]
    public void A_ticket_beyond_its_buffer_opens_nothing(int offset, int length)
    {
        var ticket = _store.Rent(10).Publish();

        Assert.False(_store.TryOpen(ticket with { Offset = offset, Length = length }, out _));
    }

    [Fact]
    public void A_ticket_of_another_node_opens_nothing()
    {
        var ticket = _store.Rent(10).Publish();

        Assert.Equal(Here, ticket.Node);
        Assert.False(_store.TryOpen(ticket with { Node = new NodeId("there") }, out _));
        Assert.True(_store.TryOpen(ticket, out _));
    }

    [Fact]
    public void Ids_come_from_where_they_are_told_to_and_none_is_0_or_in_use()
    {
        var ids = new Queue<long>([7, 0, 7, -3]);
        var store = new TensorStore(Here, 1000, ids.Dequeue);

        Assert.Equal(7, store.Rent(1).Publish().TensorId);
        Assert.Equal(-3, store.Rent(1).Publish().TensorId);
    }

    [Fact]
    public void A_second_release_of_the_same_reference_is_found_out()
    {
        var lease = _store.Rent(10);
        lease.Release();

        Assert.Throws<ObjectDisposedException>(lease.Release);

        var next = _store.Rent(10);
        Assert.Throws<ObjectDisposedException>(lease.Release);
        next.Release();
    }

    [Fact]
    public void The_default_lease_holds_nothing_and_releases_nothing()
    {
        default(TensorLease).Release();

        Assert.False(default(TensorLease).IsHeld);
        Assert.Equal(0, default(TensorLease).Values.Length);
    }

    [Fact]
    public void In_steady_state_nothing_grows_and_nothing_is_allocated()
    {
        Step();
        Step();
        var floats = _store.AllocatedFloats;
        var fewest = long.MaxValue;

        // Several times: a collection that other tests bring about counts the rest of the thread's
        // allocation block as allocated.
        for (var time = 0; time < 4 && fewest > 0; time++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                Step();
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
        Assert.Equal(floats, _store.AllocatedFloats);
        Assert.Equal(0, _store.LeasedBuffers);

        void Step()
        {
            var gradient = _store.Rent(1000);
            var state = _store.Rent(77);
            _store.TryOpen(gradient.Publish(), out var opened);
            gradient.Release();
            opened.Release();
            state.Release();
        }
    }

    [Fact]
    public void The_bound_empties_the_pool_first_and_then_refuses_by_name()
    {
        _store.Rent(6000).Release();
        var lease = _store.Rent(8000);

        var full = Assert.Throws<TensorStoreFullException>(() => _store.Rent(2000));

        Assert.Contains("2000 floats", full.Message);
        Assert.Contains("10000", full.Message);
        lease.Release();
    }

    [Fact]
    public void Every_length_fits_with_at_most_a_quarter_to_spare()
    {
        var store = new TensorStore(Here);
        for (var length = 0; length < 3000; length++)
        {
            var before = store.AllocatedFloats;
            var lease = store.Rent(length);
            var capacity = store.AllocatedFloats - before;
            Assert.InRange(capacity, length, Math.Max(16, (length * 5 / 4) + 1));
            Assert.Equal(length, lease.Values.Length);
        }
    }

    [Fact]
    public async Task Many_threads_share_it()
    {
        var store = new TensorStore(Here);
        var tasks = Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                var lease = store.Rent(random.Next(1, 300));
                var ticket = lease.Publish();
                Assert.True(store.TryOpen(ticket, out var second));
                lease.Release();
                second.Release();
            }
        }));

        await Task.WhenAll(tasks);

        Assert.Equal(0, store.LeasedBuffers);
    }
}
