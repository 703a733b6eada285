using System.Net.Sockets;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>Opens connections to peers, each within the time of a handshake.</summary>
internal sealed class PeerDoor(NodeId self, DataPlaneOptions options, NodeTrust? trust, TransferCredit credit, Watchdog watchdog)
{
    /// <summary>Connects, secures and greets.</summary>
    /// <exception cref="WrongPeerException">Another process answers at the address.</exception>
    /// <exception cref="TransferException">It cannot be reached, or does not speak with us.</exception>
    public async Task<PeerConnection> OpenAsync(DataPeer peer, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var patience = watchdog.Watch(socket);
        Stream? stream = null;
        try
        {
            TransferStream.Prepare(socket);
            patience.Allow(options.HandshakeTimeout, "the handshake");
            await socket.ConnectAsync(peer.Host, peer.Port, cancellation);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (trust is not null)
            {
                stream = await TlsHandshake.CallAsync(trust, stream, peer.Host, cancellation);
            }

            var greeted = new TransferStream(stream);
            await GreetAsync(greeted, peer, cancellation);
            patience.Rest();
            return new PeerConnection(peer, options, credit, greeted, patience);
        }
        catch (Exception failure)
        {
            patience.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw failure as TransferException
                ?? new TransferException($"{peer} cannot be reached: {patience.Exhausted ?? PeerConnection.Reason(failure)}.", failure);
        }
    }

    private async Task GreetAsync(TransferStream stream, DataPeer peer, CancellationToken cancellation)
    {
        await stream.WriteUnsummedAsync(new TransferHello(TransferHello.CurrentVersion, self, peer.Node).ToBytes(), cancellation);
        await stream.FlushAsync(cancellation);
        var bytes = new byte[TransferHello.Bytes];
        await ReadAsync(stream, bytes.AsMemory(0, TransferHello.MagicBytes), cancellation);
        if (TransferHello.IsMagic(bytes.AsSpan(0, TransferHello.MagicBytes)))
        {
            await ReadAsync(stream, bytes.AsMemory(TransferHello.MagicBytes), cancellation);
        }

        if (!TransferHello.TryRead(bytes, out var hello))
        {
            throw new WrongPeerException($"{peer} cannot be reached: what answers there is no data plane.");
        }

        if (hello.From != peer.Node)
        {
            throw new WrongPeerException($"{peer} cannot be reached: {hello.From} answers there.");
        }

        if (hello.Version != TransferHello.CurrentVersion)
        {
            throw new TransferException($"{peer} cannot be reached: it speaks version {hello.Version}, and this node {TransferHello.CurrentVersion}.");
        }
    }

    private static async Task ReadAsync(TransferStream stream, Memory<byte> into, CancellationToken cancellation)
    {
        try
        {
            await stream.ReadExactlyAsync(into, cancellation);
        }
        catch (EndOfStreamException)
        {
            throw new IOException("it closed the connection before it said who it is; it may hold as many as it may, or not know this node's certificate");
        }
    }
}
