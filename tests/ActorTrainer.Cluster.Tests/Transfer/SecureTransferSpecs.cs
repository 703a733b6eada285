using System.Runtime.InteropServices;
using System.Text;
using ActorTrainer.Cluster.Tests.Trust;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class SecureTransferSpecs : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly List<NodeTrust> _trusts = [];
    private readonly PlaneFixture _server;

    public SecureTransferSpecs() => _server = new PlaneFixture("server", trust: Trust(_authority, "server,127.0.0.1"));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _trusts.ForEach(trust => trust.Dispose());
        _authority.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_003)]
    public async Task Tensors_and_blobs_travel_in_TLS(int length)
    {
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var (lease, ticket) = _server.Tensor(length);
        var blob = await _server.Blobs.AddAsync(new MemoryStream(MemoryMarshal.AsBytes(lease.Values).ToArray()));

        var arrived = await worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound);

        Assert.True(MemoryMarshal.AsBytes(lease.Values).SequenceEqual(MemoryMarshal.AsBytes(arrived.Values)));
        Assert.True(await worker.Plane.FetchBlobAsync(_server.Peer, blob, default).WaitAsync(PlaneFixture.Bound));
    }

    [Fact]
    public async Task Without_a_certificate_nothing_is_given()
    {
        await using var plain = new PlaneFixture("plain");
        var (_, ticket) = _server.Tensor(10);

        await Assert.ThrowsAnyAsync<TransferException>(() => plain.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound));
        await ServesAsync();
    }

    [Fact]
    public async Task A_strangers_certificate_is_refused()
    {
        using var other = new TestAuthority();
        await using var stranger = new PlaneFixture("stranger", trust: Trust(other, "stranger,127.0.0.1"));
        var (_, ticket) = _server.Tensor(10);

        await Assert.ThrowsAnyAsync<TransferException>(() => stranger.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound));
        await ServesAsync();
    }

    [Fact]
    public async Task A_peer_whose_certificate_bears_another_name_is_refused()
    {
        await using var impostor = new PlaneFixture("impostor", trust: Trust(_authority, "impostor,elsewhere.example"));
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var (_, ticket) = impostor.Tensor(10);

        var failure = await Assert.ThrowsAnyAsync<TransferException>(() => worker.Plane.FetchAsync(impostor.Peer, ticket, default).WaitAsync(PlaneFixture.Bound));

        Assert.Contains("127.0.0.1", failure.Message);
    }

    [Fact]
    public async Task A_node_with_certificates_does_not_speak_to_one_without()
    {
        await using var plain = new PlaneFixture("plain");
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var (_, ticket) = plain.Tensor(10);

        await Assert.ThrowsAnyAsync<TransferException>(() => worker.Plane.FetchAsync(plain.Peer, ticket, default).WaitAsync(PlaneFixture.Bound));
    }

    [Fact]
    public async Task Bytes_on_the_wire_are_not_those_of_the_tensor()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { Records = true };
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var lease = _server.Tensors.Rent(10_000);
        MemoryMarshal.AsBytes(lease.Values).Fill((byte)'A');

        (await worker.Plane.FetchAsync(_server.Behind(proxy.Port), lease.Publish(), default).WaitAsync(PlaneFixture.Bound)).Release();

        Assert.DoesNotContain("AAAAAAAA", Encoding.Latin1.GetString(proxy.Recorded));
        Assert.True(proxy.Recorded.Length > 40_000);
    }

    [Fact]
    public async Task An_altered_byte_is_found_out_by_TLS()
    {
        await using var proxy = new MeddlingProxy(_server.Plane.Port) { AlteredByte = 100_000 };
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var (_, ticket) = _server.Tensor(100_000);

        await Assert.ThrowsAsync<TransferException>(() => worker.Plane.FetchAsync(_server.Behind(proxy.Port), ticket, default).WaitAsync(PlaneFixture.Bound));

        Assert.Equal(_server.Node, await worker.LostAsync());
    }

    private async Task ServesAsync()
    {
        await using var worker = new PlaneFixture("worker", trust: Trust(_authority, "worker,127.0.0.1"));
        var (_, ticket) = _server.Tensor(10);
        (await worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound)).Release();
    }

    private NodeTrust Trust(TestAuthority authority, string names)
    {
        var trust = authority.Trust(names);
        _trusts.Add(trust);
        return trust;
    }
}
