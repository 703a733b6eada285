using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ActorTrainer.Cluster.Remoting;
using ActorTrainer.Cluster.Tests.Trust;
using ActorTrainer.Cluster.Trust;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace ActorTrainer.Cluster.Tests.Remoting;

/// <summary>Two actor systems that reach each other by the transport of nodes.</summary>
public sealed class NodeTransportSpecs : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TestAuthority _authority = new();
    private readonly List<ActorSystem> _systems = [];
    private readonly List<NodeTrust> _trusts = [];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(system => system.Terminate()));
        _trusts.ForEach(trust => trust.Dispose());
        _authority.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Brings_an_answer_from_another_system(bool encrypted)
    {
        var (one, other) = (Start(encrypted ? "one,127.0.0.1" : null), Start(encrypted ? "other,127.0.0.1" : null));
        var echo = Echo(other);

        var answer = await one.ActorSelection(echo).Ask<string>("hello", Patience);

        Assert.Equal("hello", answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keeps_the_order_of_ten_thousand_messages_of_every_size(bool encrypted)
    {
        var (one, other) = (Start(encrypted ? "one,127.0.0.1" : null), Start(encrypted ? "other,127.0.0.1" : null));
        var received = new List<string>();
        var all = new TaskCompletionSource();
        var collector = other.ActorOf(Props.Create(() => new Collector(received, 10_000, all)), "collector");
        var target = await one.ActorSelection($"{Address(other)}/user/collector").ResolveOne(Patience);

        for (var i = 0; i < 10_000; i++)
        {
            target.Tell($"{i}:{new string('x', i % 500 == 0 ? 100_000 : i % 97)}");
        }

        await all.Task.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 10_000), received.Select(text => int.Parse(text.AsSpan(0, text.IndexOf(':')))));
    }

    [Fact]
    public async Task Reaches_nobody_by_a_name_that_the_certificate_does_not_bear()
    {
        var (one, other) = (Start("one,127.0.0.1"), Start("other"));

        await Unreachable(one, Echo(other), "its certificate CN=other is not for the name 127.0.0.1");
    }

    [Fact]
    public async Task Reaches_nobody_of_another_authority_and_is_not_reached_from_there()
    {
        using var strangers = new TestAuthority();
        var (one, stranger) = (Start("one,127.0.0.1"), Start("other,127.0.0.1", strangers));
        var (echo, strangersEcho) = (Echo(one), Echo(stranger));

        await Unreachable(one, strangersEcho, "is not one of this cluster's authority");
        await Unreachable(stranger, echo, "is not one of this cluster's authority");

        await StillAnswers(echo);
    }

    [Fact]
    public async Task Outlives_one_that_takes_its_call_and_hangs_up()
    {
        var one = Start("one,127.0.0.1");
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;

        one.ActorSelection($"akka.tcp://spec@127.0.0.1:{port}/user/echo").Tell("hello");
        (await stranger.AcceptSocketAsync()).Close(timeout: 0);

        await StillAnswers(Echo(one));
        Assert.False(one.WhenTerminated.IsCompleted);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: node\r\n\r\n")]
    [InlineData("\0\0\0\u0005hello")]
    [InlineData("")]
    public async Task Hangs_up_on_who_does_not_speak_TLS_and_answers_others(string greeting)
    {
        var echo = Echo(Start("one,127.0.0.1"));

        await Refuses(echo, async stream => await stream.WriteAsync(Encoding.Latin1.GetBytes(greeting)), halfClose: greeting.Length == 0);

        await StillAnswers(echo);
    }

    [Fact]
    public async Task Hangs_up_on_who_shows_no_certificate()
    {
        var echo = Echo(Start("one,127.0.0.1"));

        await Refuses(echo, stream => Shake(stream, new SslClientAuthenticationOptions()));

        await StillAnswers(echo);
    }

    private static async Task Shake(NetworkStream stream, SslClientAuthenticationOptions options)
    {
        options.TargetHost = "127.0.0.1";
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(options);
        Assert.Equal(0, await tls.ReadAsync(new byte[1]));
    }

    private static async Task Refuses(string echo, Func<NetworkStream, Task> speak, bool halfClose = false)
    {
        var address = ActorPath.Parse(echo).Address;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host!, address.Port!.Value);
        var stream = client.GetStream();
        try
        {
            await speak(stream);
            if (halfClose)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            var rest = new byte[4096];
            while (await stream.ReadAsync(rest).AsTask().WaitAsync(Patience) > 0)
            {
                // An alert, perhaps.
            }
        }
        catch (Exception hungUp) when (hungUp is IOException or AuthenticationException)
        {
            // Reset, or told that a certificate is required.
        }
    }

    private async Task StillAnswers(string echo)
    {
        var friend = Start("friend,127.0.0.1");
        Assert.Equal("hello", await friend.ActorSelection(echo).Ask<string>("hello", Patience));
    }

    /// <summary>Nothing arrives, and the one that tried is well.</summary>
    private static async Task Unreachable(ActorSystem from, string echo, string reason)
    {
        var association = new TaskCompletionSource<string>();
        var watcher = from.ActorOf(Props.Create(() => new Watcher(association)));
        from.EventStream.Subscribe(watcher, typeof(Akka.Remote.AssociationErrorEvent));

        from.ActorSelection(echo).Tell("hello");

        Assert.Contains(reason, await association.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.False(from.WhenTerminated.IsCompleted);
    }

    private ActorSystem Start(string? names, TestAuthority? authority = null)
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              actor.provider = remote
              coordinated-shutdown { run-by-clr-shutdown-hook = off, exit-clr = off }
              remote.dot-netty.tcp {
                transport-class = "{{typeof(NodeTransport).AssemblyQualifiedName}}"
                hostname = 127.0.0.1
                port = 0
              }
            }
            """);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        if (names is not null)
        {
            var trust = (authority ?? _authority).Trust(names);
            _trusts.Add(trust);
            setup = setup.And(new NodeTrustSetup(trust));
        }

        var system = ActorSystem.Create("spec", setup);
        _systems.Add(system);
        return system;
    }

    private static string Echo(ActorSystem system)
    {
        system.ActorOf(Props.Create(() => new Echoing()), "echo");
        return $"{Address(system)}/user/echo";
    }

    private static Address Address(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private sealed class Echoing : ReceiveActor
    {
        public Echoing() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(TaskCompletionSource<string> refused) =>
            Receive<Akka.Remote.AssociationErrorEvent>(failed => refused.TrySetResult(failed.Cause.ToString()));
    }

    private sealed class Collector : ReceiveActor
    {
        public Collector(List<string> received, int expected, TaskCompletionSource all) => Receive<string>(text =>
        {
            received.Add(text);
            if (received.Count == expected)
            {
                all.SetResult();
            }
        });
    }
}
