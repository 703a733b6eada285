namespace ActorTrainer.Cluster.Tests.Transfer;

/// <summary>Alone in its time: what is allocated is counted over the whole process.</summary>
[Collection(Name)]
public sealed class TransferAllocationSpecs : IAsyncDisposable
{
    public const string Name = "counts allocations";

    private readonly PlaneFixture _server = new("server");
    private readonly PlaneFixture _worker = new("worker");

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task In_steady_state_no_buffer_is_made_for_a_transfer()
    {
        const int Times = 100;
        var (lease, ticket) = _server.Tensor(300_000);
        for (var i = 0; i < 20; i++)
        {
            await FetchAsync();
        }

        var (floats, before) = (_worker.Tensors.AllocatedFloats, GC.GetTotalAllocatedBytes());
        for (var i = 0; i < Times; i++)
        {
            await FetchAsync();
        }

        // 120 MB went through; what was allocated are tasks and the like, on both sides.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Times * lease.Length * sizeof(float) / 10);
        Assert.Equal(floats, _worker.Tensors.AllocatedFloats);

        async Task FetchAsync() => (await _worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound)).Release();
    }
}

/// <summary>Its specs run when no others do.</summary>
[CollectionDefinition(TransferAllocationSpecs.Name, DisableParallelization = true)]
public sealed class AllocationCounting;
