using System.Threading.Channels;
using Akka.Actor;

namespace ActorTrainer.Cluster.Tests;

/// <summary>
/// Hears what actors of a node say to a test. Unlike Akka's inbox it drops nothing: a job whose steps are fast
/// tells a new watcher more than a thousand events at once, and the last of them is that it has ended.
/// </summary>
internal sealed class Listener : IDisposable
{
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();
    private readonly ActorSystem _system;

    public Listener(ActorSystem system)
    {
        _system = system;
        Receiver = system.ActorOf(Props.Create(() => new Ear(_heard.Writer)));
    }

    /// <summary>Whom to give as watcher, asker or sender.</summary>
    public IActorRef Receiver { get; }

    /// <summary>Hears of the end of an actor, too, as <see cref="Terminated"/>.</summary>
    public void Watch(IActorRef actor) => Receiver.Tell(new Attend(actor));

    /// <summary>The next message.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<object> ReceiveAsync(TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        try
        {
            return await _heard.Reader.ReadAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"nothing was heard for {patience}");
        }
    }

    public void Dispose() => _system.Stop(Receiver);

    private sealed record Attend(IActorRef Actor);

    private sealed class Ear : ReceiveActor
    {
        public Ear(ChannelWriter<object> heard)
        {
            Receive<Attend>(attend => Context.Watch(attend.Actor));
            ReceiveAny(message => heard.TryWrite(message));
        }
    }
}
