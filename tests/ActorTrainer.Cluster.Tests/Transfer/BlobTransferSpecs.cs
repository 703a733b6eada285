using System.Security.Cryptography;
using ActorTrainer.Cluster.Transfer;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class BlobTransferSpecs : IAsyncDisposable
{
    private readonly PlaneFixture _gateway = new("gateway");
    private readonly PlaneFixture _worker = new("worker", maximumBlobBytes: 10_000_000);

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(TransferRequest.MaximumBlobPiece)]
    [InlineData((7 * TransferRequest.MaximumBlobPiece) + 12_345)]
    public async Task A_blob_arrives_whole_under_its_hash(int length)
    {
        var (sha256, bytes) = await BlobAsync(length);

        Assert.True(await FetchAsync(_gateway.Peer, sha256));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_worker.BlobDirectory, sha256)));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task A_blob_that_is_there_is_asked_of_nobody()
    {
        var (sha256, bytes) = await BlobAsync(1000);
        await _worker.Blobs.AddAsync(new MemoryStream(bytes));

        Assert.True(await FetchAsync(new DataPeer(_gateway.Node, "127.0.0.1", 1), sha256));
    }

    [Fact]
    public async Task A_peer_without_it_says_so()
    {
        Assert.False(await FetchAsync(_gateway.Peer, new string('a', 64)));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task What_is_no_hash_is_not_asked_for()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => FetchAsync(_gateway.Peer, "../../etc/passwd"));
    }

    [Fact]
    public async Task A_connection_that_breaks_again_and_again_is_gone_on_with_where_it_stood()
    {
        await using var proxy = new MeddlingProxy(_gateway.Plane.Port);
        foreach (var megabytes in Enumerable.Range(1, 7))
        {
            proxy.Breaks.Enqueue((megabytes * 1_000_000L) + 200_000);
        }

        var (sha256, bytes) = await BlobAsync(8_000_000);

        Assert.True(await FetchAsync(_gateway.Behind(proxy.Port), sha256));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_worker.BlobDirectory, sha256)));
        Assert.True(proxy.Connections >= 5);
    }

    [Fact]
    public async Task What_one_peer_began_another_ends_without_sending_it_again()
    {
        var (sha256, _) = await BlobAsync(8_000_000);
        await using var second = new PlaneFixture("second");
        await second.Blobs.AddAsync(_gateway.Blobs.Open(sha256));
        await using var dying = new MeddlingProxy(_gateway.Plane.Port);
        Enumerable.Repeat(5_500_000L, 20).ToList().ForEach(dying.Breaks.Enqueue);
        await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_gateway.Behind(dying.Port), sha256));
        Assert.Single(Partials());
        await using var counting = new MeddlingProxy(second.Plane.Port);

        Assert.True(await FetchAsync(second.Behind(counting.Port), sha256));

        Assert.InRange(counting.Passed, 1, 4_000_000);
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task One_that_is_too_large_is_refused_before_it_is_taken()
    {
        var (sha256, _) = await BlobAsync(10_000_001);

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_gateway.Peer, sha256));

        Assert.Contains("10000001 bytes; this node takes at most 10000000", failure.Message);
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task Bytes_that_are_not_what_their_name_says_are_thrown_away()
    {
        var (sha256, bytes) = await BlobAsync(100_000);
        bytes[5_000] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(_gateway.BlobDirectory, sha256), bytes);

        var failure = await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_gateway.Peer, sha256));

        Assert.Contains($"{sha256} was expected", failure.Message);
        Assert.False(_worker.Blobs.Exists(sha256));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task Who_asks_for_the_same_at_the_same_time_gets_it_once()
    {
        await using var proxy = new MeddlingProxy(_gateway.Plane.Port);
        var (sha256, _) = await BlobAsync(3_000_000);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FetchAsync(_gateway.Behind(proxy.Port), sha256)));

        Assert.All(all, Assert.True);
        Assert.InRange(proxy.Passed, 3_000_000, 3_100_000);
    }

    [Fact]
    public async Task Of_those_that_broke_off_only_a_few_are_held_and_none_when_the_node_stops()
    {
        await using var dying = new MeddlingProxy(_gateway.Plane.Port);
        Enumerable.Repeat(2_500_000L, 100).ToList().ForEach(dying.Breaks.Enqueue);
        for (var i = 0; i < BlobDownloads.MaximumPartials + 2; i++)
        {
            var (sha256, _) = await BlobAsync(3_000_000, seed: i);
            await Assert.ThrowsAsync<TransferException>(() => FetchAsync(_gateway.Behind(dying.Port), sha256));
        }

        Assert.InRange(Partials().Length, 1, BlobDownloads.MaximumPartials);
        await _worker.Plane.DisposeAsync();
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task A_cancelled_one_can_be_asked_for_again()
    {
        await using var proxy = new MeddlingProxy(_gateway.Plane.Port) { StallsAt = 2_500_000 };
        var (sha256, _) = await BlobAsync(5_000_000);
        using var cancel = new CancellationTokenSource();
        var first = _worker.Plane.FetchBlobAsync(_gateway.Behind(proxy.Port), sha256, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(PlaneFixture.Bound));
        proxy.Break();

        await using var second = new PlaneFixture("second");
        await second.Blobs.AddAsync(_gateway.Blobs.Open(sha256));
        Assert.True(await FetchAsync(second.Peer, sha256));
    }

    private string[] Partials() => Directory.GetFiles(_worker.BlobDirectory, "*.partial");

    private async Task<(string Sha256, byte[] Bytes)> BlobAsync(int length, int seed = 0)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        await _gateway.Blobs.AddAsync(new MemoryStream(bytes));
        return (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    private async Task<bool> FetchAsync(DataPeer peer, string sha256) => await _worker.Plane.FetchBlobAsync(peer, sha256, default).WaitAsync(PlaneFixture.Bound);
}
