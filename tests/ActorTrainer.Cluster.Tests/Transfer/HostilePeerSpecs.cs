using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Transfer;

/// <summary>Who connects and is no node of ours, or a broken one: it is refused, and the others are served.</summary>
public sealed class HostilePeerSpecs : IAsyncDisposable
{
    private readonly PlaneFixture _worker = new("worker");
    private PlaneFixture _server = new("server");

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: node\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001")]
    [InlineData("ACTRBULX and then something else")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public async Task What_does_not_begin_with_the_magic_word_gets_no_answer(string says)
    {
        using var probe = await ConnectAsync();
        await probe.SendAsync(Encoding.Latin1.GetBytes(says));

        Assert.Empty(await ReadToEndAsync(probe));
        await ServesOthersAsync();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(64, 65)]
    [InlineData(63, 0xFF)]
    public async Task A_hello_without_a_name_that_can_be_gets_no_answer(byte length, byte letter)
    {
        var hello = new TransferHello(1, new NodeId("somebody"), _server.Node).ToBytes();
        var name = hello.AsSpan(TransferHello.MagicBytes + sizeof(int));
        name[1..(1 + TransferHello.MaximumNameBytes)].Fill(letter);
        name[0] = length;
        using var nameless = await ConnectAsync();
        await nameless.SendAsync(hello);

        Assert.Empty(await ReadToEndAsync(nameless));
        await ServesOthersAsync();
    }

    [Fact]
    public async Task Who_means_another_node_learns_who_is_here_and_no_more()
    {
        var (_, ticket) = _server.Tensor(10);
        using var lost = await ConnectAsync();
        await lost.SendAsync(new TransferHello(1, new NodeId("lost"), new NodeId("elsewhere")).ToBytes());
        await lost.SendAsync(Request(0, TransferRequest.OfTensor(ticket)));

        var heard = await ReadToEndAsync(lost);

        Assert.True(TransferHello.TryRead(heard, out var hello));
        Assert.Equal(new TransferHello(1, _server.Node, new NodeId("lost")), hello);
    }

    [Fact]
    public async Task Another_version_learns_this_one_and_no_more()
    {
        using var future = await ConnectAsync();
        await future.SendAsync(new TransferHello(2, new NodeId("future"), _server.Node).ToBytes());

        Assert.True(TransferHello.TryRead(await ReadToEndAsync(future), out var hello));
        Assert.Equal(TransferHello.CurrentVersion, hello.Version);
    }

    [Theory]
    [InlineData(9, 0, 10)]
    [InlineData(1, -1, 10)]
    [InlineData(1, 0, -1)]
    [InlineData(1, 1L << 40, 10)]
    [InlineData(2, 0, TransferRequest.MaximumBlobPiece + 1)]
    [InlineData(2, 0, 0)]
    [InlineData(2, -5, 100)]
    [InlineData(3, 0, 1)]
    public async Task A_request_that_cannot_be_ends_the_connection(int kind, long offset, int length)
    {
        using var broken = await GreetAsync();
        var request = new byte[TransferRequest.Bytes];
        BitConverter.TryWriteBytes(request, kind);
        BitConverter.TryWriteBytes(request.AsSpan(8), length);
        BitConverter.TryWriteBytes(request.AsSpan(16), offset);
        await broken.SendAsync(request);

        Assert.Empty(await ReadToEndAsync(broken));
        await ServesOthersAsync();
    }

    [Fact]
    public async Task A_tensor_is_not_to_be_had_by_guessing_its_id()
    {
        _server.Tensor(10);
        using var guesser = await GreetAsync();
        for (var id = 0; id < 200; id++)
        {
            await guesser.SendAsync(Request(id, TransferRequest.OfTensor(new Ticket(_server.Node, id, 0, 10))));
        }

        guesser.Shutdown(SocketShutdown.Send);
        var heard = await ReadToEndAsync(guesser);

        Assert.Equal(200 * (TransferAnswer.Bytes + TransferAnswer.ChecksumBytes), heard.Length);
        for (var id = 0; id < 200; id++)
        {
            Assert.Equal(
                new TransferAnswer(TransferStatus.Gone, id, 0, 0), TransferAnswer.Read(heard.AsSpan(id * (TransferAnswer.Bytes + TransferAnswer.ChecksumBytes))));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(TransferHello.Bytes - 1)]
    public async Task A_hello_that_does_not_come_to_its_end_is_waited_for_only_so_long(int bytes)
    {
        await StartAsync(PlaneFixture.Options with { HandshakeTimeout = TimeSpan.FromSeconds(0.2) });
        using var slow = await ConnectAsync();
        await slow.SendAsync(new TransferHello(1, new NodeId("slow"), _server.Node).ToBytes().AsMemory(0, bytes));

        Assert.Empty(await ReadToEndAsync(slow));
    }

    [Fact]
    public async Task Half_a_request_is_waited_for_only_so_long()
    {
        await StartAsync(PlaneFixture.Options with { StallTimeout = TimeSpan.FromSeconds(0.2) });
        using var slow = await GreetAsync();
        await slow.SendAsync(new byte[TransferRequest.Bytes / 2]);

        Assert.Empty(await ReadToEndAsync(slow));
    }

    [Fact]
    public async Task Who_asks_and_does_not_take_is_left_and_its_tensor_is_free_again()
    {
        await StartAsync(PlaneFixture.Options with { StallTimeout = TimeSpan.FromSeconds(0.3) });
        var (lease, ticket) = _server.Tensor(20_000_000);
        using var full = await GreetAsync();
        await full.SendAsync(Request(0, TransferRequest.OfTensor(ticket)));
        await full.ReceiveAsync(new byte[1]);
        lease.Release();

        using var bound = new CancellationTokenSource(PlaneFixture.Bound);
        while (_server.Tensors.LeasedBuffers > 0)
        {
            await Task.Delay(20, bound.Token);
        }
    }

    [Fact]
    public async Task Silence_ends_a_connection()
    {
        await StartAsync(PlaneFixture.Options with { IdleTimeout = TimeSpan.FromSeconds(0.2) });
        using var silent = await GreetAsync();

        Assert.Empty(await ReadToEndAsync(silent));
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_at_the_door_and_the_others_stay()
    {
        await StartAsync(PlaneFixture.Options with { MaximumConnections = 2 });
        using var first = await GreetAsync();
        using var second = await GreetAsync();
        var (_, ticket) = _server.Tensor(10);

        var refused = await Assert.ThrowsAsync<TransferException>(() => _worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound));

        Assert.Contains("cannot be reached", refused.Message);
        await second.SendAsync(Request(0, TransferRequest.Ping));
        Assert.True(await second.ReceiveAsync(new byte[100]) > 0);
    }

    [Fact]
    public async Task Those_that_never_say_who_they_are_do_not_keep_the_greeted_out()
    {
        await StartAsync(PlaneFixture.Options with { MaximumHandshakes = 3 });
        using var greeted = await GreetAsync();
        var mute = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            mute.Add(await ConnectAsync());
        }

        // The last ones were closed at the door: there were three without a name already.
        Assert.Empty(await ReadToEndAsync(mute[^1]));
        await greeted.SendAsync(Request(0, TransferRequest.Ping));
        Assert.True(await greeted.ReceiveAsync(new byte[100]) > 0);
        mute.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_bytes_come_the_node_lives_and_serves(int seed)
    {
        await StartAsync(PlaneFixture.Options with { StallTimeout = TimeSpan.FromSeconds(30) });
        var (lease, ticket) = _server.Tensor(100);
        var blob = await _server.Blobs.AddAsync(new MemoryStream(new byte[1000]));
        var mutants = new TransferMutants(seed, _server.Node, ticket, blob);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 5000 / 8; i++)
            {
                using var socket = await ConnectAsync();
                byte[] mutant;
                lock (mutants)
                {
                    mutant = mutants.Next();
                }

                try
                {
                    await socket.SendAsync(mutant);
                    socket.Shutdown(SocketShutdown.Send);
                    await ReadToEndAsync(socket);
                }
                catch (SocketException)
                {
                    // Closed before it was all sent.
                }
            }
        }));

        await ServesOthersAsync();
        lease.Release();
        Assert.Equal(0, _server.Tensors.LeasedBuffers);
    }

    private async Task StartAsync(DataPlaneOptions options)
    {
        await _server.DisposeAsync();
        _server = new PlaneFixture("server", options);
    }

    private async Task ServesOthersAsync()
    {
        var (lease, ticket) = _server.Tensor(1000);
        (await _worker.Plane.FetchAsync(_server.Peer, ticket, default).WaitAsync(PlaneFixture.Bound)).Release();
        lease.Release();
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _server.Plane.Port);
        return socket;
    }

    /// <summary>Connects, says hello and hears it.</summary>
    private async Task<Socket> GreetAsync()
    {
        var socket = await ConnectAsync();
        await socket.SendAsync(new TransferHello(1, new NodeId("guest"), _server.Node).ToBytes());
        var heard = new byte[TransferHello.Bytes];
        for (var read = 0; read < heard.Length;)
        {
            read += await socket.ReceiveAsync(heard.AsMemory(read));
        }

        return socket;
    }

    private static byte[] Request(int sequence, TransferRequest request)
    {
        var bytes = new byte[TransferRequest.Bytes];
        request.Write(sequence, bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var bound = new CancellationTokenSource(PlaneFixture.Bound);
        var heard = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer, bound.Token)) > 0)
            {
                heard.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too: something that was sent had not been read.
        }

        return heard.ToArray();
    }
}
