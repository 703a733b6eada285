using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorTrainer.Cluster.Trust;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;

namespace ActorTrainer.Cluster.Remoting;

/// <summary>
/// Carries what actors on different nodes say to each other: frames over TCP, in TLS with certificates on both
/// sides when the node has a <see cref="NodeTrust"/>.
/// </summary>
/// <remarks>
/// In place of Akka's own transport, whose TLS would not do: its node shuts itself down when a handshake with a
/// node that it calls fails, as it does when that node is killed at that moment or a stranger has taken over its
/// address; and it offers TLS 1.0 and 1.1, but not 1.3, whatever the settings say.
/// </remarks>
internal sealed class NodeTransport : Transport
{
    /// <summary>Callers that have not shown who they are yet; more than these are turned away.</summary>
    private const int MaximumHandshakes = 128;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Until the next is accepted after one could not be, for want of file handles perhaps.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<NodeAssociation, bool> _associations = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Refusals _refusals = new(TimeProvider.System);
    private readonly ILoggingAdapter _log;
    private readonly NodeTrust? _trust;
    private readonly string _hostname;
    private readonly string _publicHostname;
    private readonly int _port;
    private readonly TimeSpan _connectTimeout;
    private readonly int _frameBytes;
    private Address _local = Address.AllSystems;
    private Socket? _door;
    private int _handshakes;

    /// <summary>Called by Akka's remoting.</summary>
    /// <param name="config">hostname, public-hostname, port, maximum-frame-size and connection-timeout, as Akka's own transport has them.</param>
    public NodeTransport(ActorSystem system, Config config)
    {
        (System, Config, SchemeIdentifier) = (system, config, "tcp");
        _log = Logging.GetLogger(system, typeof(NodeTransport));
        _trust = system.Settings.Setup.Get<NodeTrustSetup>() is { HasValue: true } setup ? setup.Value.Trust : null;
        _hostname = config.GetString("hostname");
        _publicHostname = config.GetString("public-hostname") is { Length: > 0 } known ? known : _hostname;
        _port = config.GetInt("port");
        _connectTimeout = config.GetTimeSpan("connection-timeout");
        _frameBytes = (int)(config.GetByteSize("maximum-frame-size", null) ?? throw new ConfigurationException("maximum-frame-size is missing"));
        MaximumPayloadBytes = _frameBytes;
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var address = IPAddress.TryParse(_hostname, out var literal) ? literal : (await Dns.GetHostAddressesAsync(_hostname))[0];
        var door = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            door.Bind(new IPEndPoint(address, _port));
            door.Listen();
        }
        catch (SocketException failure)
        {
            door.Dispose();
            throw new RemoteTransportException($"Cannot listen on {new IPEndPoint(address, _port)}: {failure.Message}", failure);
        }

        _door = door;
        _local = new Address(SchemeIdentifier, System.Name, Bracketed(_publicHostname), ((IPEndPoint)door.LocalEndPoint!).Port);
        var listener = new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = AcceptAllAsync(door, listener.Task);
        return (_local, listener);
    }

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var host = remoteAddress.Host?.Trim('[', ']') ?? "";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        timeout.CancelAfter(_connectTimeout);
        try
        {
            EndPoint address = IPAddress.TryParse(host, out var literal) ? new IPEndPoint(literal, remoteAddress.Port ?? 0) : new DnsEndPoint(host, remoteAddress.Port ?? 0);
            await socket.ConnectAsync(address, timeout.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            return Open(socket, _trust is null ? stream : await TlsHandshake.CallAsync(_trust, stream, host, timeout.Token), remoteAddress);
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or OperationCanceledException or ArgumentException)
        {
            socket.Dispose();
            if (failure is AuthenticationException)
            {
                _log.Warning("{0} is not believed to be a node of this cluster: {1}", remoteAddress, failure.Message);
            }

            var reason = failure is OperationCanceledException ? $"no answer within {_connectTimeout.TotalSeconds} s" : failure.Message;
            throw new InvalidAssociationException($"Cannot reach {remoteAddress}: {reason}", failure);
        }
    }

    public override async Task<bool> Shutdown()
    {
        await _stopping.CancelAsync();
        _door?.Dispose();
        var closed = _associations.Keys.Select(association =>
        {
            association.Close();
            return association.Closed;
        });
        await Task.WhenAll(closed);
        return true;
    }

    private async Task AcceptAllAsync(Socket door, Task<IAssociationEventListener> listening)
    {
        try
        {
            var listener = await listening.WaitAsync(_stopping.Token);
            while (true)
            {
                if (await AcceptAsync(door) is not { } caller)
                {
                    await Task.Delay(AcceptPause, _stopping.Token);
                }
                else if (Interlocked.Increment(ref _handshakes) > MaximumHandshakes)
                {
                    Interlocked.Decrement(ref _handshakes);
                    caller.Dispose();
                }
                else
                {
                    _ = AdmitAsync(caller, listener);
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            // Shutdown closes the door.
        }
    }

    private async Task<Socket?> AcceptAsync(Socket door)
    {
        try
        {
            return await door.AcceptAsync(_stopping.Token);
        }
        catch (SocketException failure)
        {
            _log.Warning("A connection could not be accepted: {0}", failure.Message);
            return null;
        }
    }

    private async Task AdmitAsync(Socket caller, IAssociationEventListener listener)
    {
        var from = caller.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        try
        {
            caller.NoDelay = true;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            timeout.CancelAfter(HandshakeTimeout);
            Stream stream = new NetworkStream(caller, ownsSocket: false);
            var tls = _trust is null ? stream : await TlsHandshake.AcceptAsync(_trust, stream, timeout.Token);
            listener.Notify(new InboundAssociation(Open(caller, tls, new Address(SchemeIdentifier, System.Name, Bracketed(from.Address.ToString()), from.Port))));
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            caller.Dispose();
            var reason = failure is OperationCanceledException ? "it did not say in time who it is" : failure.Message;
            if (!_stopping.IsCancellationRequested && _refusals.Tell(from.ToString(), reason) is { } line)
            {
                _log.Warning("{0}", line);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    private NodeAssociation Open(Socket socket, Stream stream, Address remote)
    {
        var association = new NodeAssociation(_local, remote, socket, stream, _frameBytes);
        _associations.TryAdd(association, true);
        _ = association.Closed.ContinueWith(
            _ => _associations.TryRemove(association, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return association;
    }

    /// <summary>An IPv6 address as it stands in an address of an actor system.</summary>
    private static string Bracketed(string host) => host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;
}
