using System.Threading.Channels;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

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

    /// <summary>Watches a job until an event is the right one, or the job has ended.</summary>
    /// <exception cref="TimeoutException">Nothing was heard of it for so long.</exception>
    public async Task UntilAsync(IActorRef registry, JobId job, Func<JobEvent, bool> isRight, TimeSpan patience)
    {
        registry.Tell(new Watch(job, 0, Receiver), Receiver);
        while (true)
        {
            switch (await ReceiveAsync(patience))
            {
                case WatchEnded:
                case JobEvent happened when isRight(happened):
                    return;
                case Status.Failure failure:
                    throw failure.Cause;
            }
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
